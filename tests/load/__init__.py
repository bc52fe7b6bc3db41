"""Measures what the services can do and what they cost, against references in the same run."""
