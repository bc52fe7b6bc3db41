"""The set-up of a fresh machine: standard library only, since nothing is installed when it runs."""
