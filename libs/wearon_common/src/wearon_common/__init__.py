"""What two WearOn services must agree on."""
