"""What the generator counts, a class for each subject."""
