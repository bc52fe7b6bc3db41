from wearon_consumer.main import main

main()
