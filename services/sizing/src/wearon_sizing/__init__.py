"""HTTP API: a photo and a height become body measurements and a size."""
