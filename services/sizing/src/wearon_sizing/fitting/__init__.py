"""Fits the shape model to pictures of bodies with known measurements, and says how good it is."""
