"""What the consumer counts, a class for each subject."""
