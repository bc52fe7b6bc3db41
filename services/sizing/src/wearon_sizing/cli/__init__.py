"""`wearon-size`: measure the person in a photo from the command line."""
