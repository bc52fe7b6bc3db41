"""What the producer's developers take from us: generated from the Python model, never written by hand."""
