"""Bundled pictures of people and garments, for demonstrations and tests."""

from wearon_devkit.pictures.catalogue import GARMENTS, PERSONS, Garment, Person

__all__ = ["GARMENTS", "PERSONS", "Garment", "Person"]
