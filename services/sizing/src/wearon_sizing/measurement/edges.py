import cv2
import numpy as np
from numpy.typing import NDArray

FloatVector = NDArray[np.float64]

# How far the picture's edge is looked for from the mask's, in shares of the stature: one standard deviation.
# Chosen by cross-validation, as the others; between 0.0085 and 0.011 little depends on it.
_REACH = 0.0095
_FARTHEST, _SAMPLES = 3.0, 31
_LINES = (-0.004, 0.0, 0.004)
"""Neighbouring lines whose colours are averaged, so that noise makes no edge; in shares of the stature."""
_POWER = 3  # of an edge's strength, so that a weak one beside a strong one hardly counts
_FAINT = 4.0  # a change of colour from sample to sample, in RGB units, that is none


def snap_to_edges(
    rgb: NDArray[np.uint8], places_px: FloatVector, directions: FloatVector, height_px: float
) -> FloatVector:
    """Return how far along `directions` the picture's edge lies from the mask's, in pixels.

    The mask has a pixel for 256 across the person and cuts corners where an arm touches the trunk; the
    picture knows better where colours change. `places_px`, `directions` (points, 2): x and y on the mask's
    edge, unit vectors across it. An edge counts by its strength and by how near it lies.
    """
    reach_px = _REACH * height_px
    away_px = np.linspace(-_FARTHEST, _FARTHEST, _SAMPLES) * reach_px
    aside = directions[:, ::-1] * (-1.0, 1.0) * height_px
    colour = sum(_colours(rgb, places_px + line * aside, directions, away_px) for line in _LINES) / len(
        _LINES
    )
    change = np.abs(np.diff(colour, axis=1)).sum(axis=2)
    between_px = (away_px[1:] + away_px[:-1]) / 2
    weight = change**_POWER * np.exp(-((between_px / reach_px) ** 2) / 2)
    return np.asarray((weight @ between_px) / (weight.sum(axis=1) + _FAINT**_POWER))


def _colours(
    rgb: NDArray[np.uint8], places_px: FloatVector, directions: FloatVector, away_px: FloatVector
) -> NDArray[np.float32]:
    points = (places_px[:, None] + away_px[:, None] * directions[:, None]).astype(np.float32)
    colours = cv2.remap(
        rgb, points[..., 0], points[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(colours, np.float32)
