import numpy as np
from numpy.typing import NDArray

PERSON = 0.5
"""Even odds: the outline runs where the mask crosses this value."""

_GAP = b"\0"


def run_around(values: NDArray[np.float32], inside: bytes, index: int) -> tuple[float, float] | None:
    """Return the ends of the unbroken stretch of person around `index`, or nothing where there is no person.

    `values` are a line of mask values, 0..1, and `inside` has a byte for each: 0 unless it is above `PERSON`.
    The ends lie between samples, where a straight line between the two crosses `PERSON`; a sample's middle is
    its index.
    """
    if not 0 <= index < len(inside) or not inside[index]:
        return None
    # Searching bytes is several times faster than any of NumPy's ways, and this runs 200 times a picture.
    left = inside.rfind(_GAP, 0, index) + 1
    gap = inside.find(_GAP, index)
    right = (gap if gap >= 0 else len(inside)) - 1
    return left - _reach(values, left, left - 1), right + _reach(values, right, right + 1)


def _reach(values: NDArray[np.float32], inside: int, outside: int) -> float:
    """Return how far from the sample inside towards the one outside the outline lies, 0..1."""
    if not 0 <= outside < len(values):
        return 0.5  # the picture ends at the edge of its last pixel
    here, there = values.item(inside), values.item(outside)
    return (here - PERSON) / (here - there)
