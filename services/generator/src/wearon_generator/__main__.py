from wearon_generator.main import main

main()
