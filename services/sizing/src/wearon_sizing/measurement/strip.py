from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from wearon_sizing.measurement.run import PERSON
from wearon_sizing.measurement.silhouette import Silhouette
from wearon_sizing.pose import FloatArray

_SAMPLES_ACROSS = 141
_CORE = 3  # samples on either side of the middle line whose colour stands for the row
_SMOOTHED_ROWS = 7  # a bend at a joint turns the cross-cuts gradually


@dataclass(frozen=True, slots=True, eq=False)
class Strip:
    """A part of the body unrolled along its middle line, one row for each step down the line.

    `breadth` (rows,): across the part, as a share of the stature; NaN where the part is not alone in its row.
    `colour` (rows, 3): RGB of its middle.
    """

    breadth: NDArray[np.float64]
    colour: FloatArray


def unroll(
    silhouette: Silhouette, rgb: NDArray[np.uint8], line_px: list[FloatArray], rows: int, half_breadth: float
) -> Strip:
    """Cut the silhouette at right angles to a line of joints (x, y), from its first to its last.

    `half_breadth`, as a share of the stature, is how far each cut reaches to either side.
    """
    middle_px, normal = _walk(line_px, rows)
    reach_px = np.linspace(-half_breadth, half_breadth, _SAMPLES_ACROSS) * silhouette.height_px
    places_px = (middle_px[:, None] + reach_px[:, None] * normal[:, None]).astype(np.float32)
    xs, ys = places_px[..., 0], places_px[..., 1]
    masks = cv2.remap(silhouette.mask, xs, ys, cv2.INTER_LINEAR)
    core = slice(_SAMPLES_ACROSS // 2 - _CORE, _SAMPLES_ACROSS // 2 + _CORE + 1)
    colours = cv2.remap(rgb, xs[:, core], ys[:, core], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    step = 2 * half_breadth / (_SAMPLES_ACROSS - 1)
    return Strip(
        _breadths(np.asarray(masks, np.float32)) * step,
        colours.mean(axis=1, dtype=np.float32),
    )


def _walk(line_px: list[FloatArray], rows: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return `rows` points at equal distances along the line, and the unit normal at each."""
    line = np.array(line_px, np.float64)
    gone = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))])
    at = np.linspace(0, gone[-1], rows)
    middle = np.stack([np.interp(at, gone, line[:, axis]) for axis in (0, 1)], axis=1)
    direction = cv2.blur(np.gradient(middle, axis=0), (1, _SMOOTHED_ROWS), borderType=cv2.BORDER_REPLICATE)
    length = np.linalg.norm(direction, axis=1, keepdims=True) + 1e-9
    return middle, direction[:, ::-1] * [-1, 1] / length


def _breadths(rows: FloatArray) -> NDArray[np.float64]:
    """Return the breadth of the run around the middle of each row, in samples."""
    middle = _SAMPLES_ACROSS // 2
    left, right = _reach(rows[:, middle::-1]), _reach(rows[:, middle:])
    return np.where(rows[:, middle] > PERSON, left + right, np.nan)


def _reach(rows: FloatArray) -> NDArray[np.float64]:
    """Return how far from the first of each row the outline lies; NaN where the row ends before."""
    outside = (rows <= PERSON).argmax(axis=1)
    row = np.arange(len(rows))
    here, there = rows[row, outside - 1], rows[row, outside]
    with np.errstate(divide="ignore", invalid="ignore"):
        between = (here - PERSON) / (here - there)
    return np.where(outside > 0, outside - 1 + between, np.nan)
