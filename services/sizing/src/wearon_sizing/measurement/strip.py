from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from wearon_sizing.measurement.runs import PERSON
from wearon_sizing.measurement.silhouette import Silhouette
from wearon_sizing.pose import FloatArray

FloatVector = NDArray[np.float64]

_SAMPLES_ACROSS = 71
_ACROSS = np.linspace(-1, 1, _SAMPLES_ACROSS, dtype=np.float32)
_CORE = 2  # samples on either side of the middle line whose colour stands for the row
_SMOOTHED_ROWS = 7  # a bend at a joint turns the cross-cuts gradually


@dataclass(frozen=True, slots=True, eq=False)
class Cuts:
    """Cuts across several parts of the body, at right angles to the middle line of each.

    `xs_px`, `ys_px` (rows, parts, samples across): the middle sample lies on the line. `step`: from one
    sample to the next, as a share of the stature.
    """

    xs_px: FloatArray
    ys_px: FloatArray
    step: float


def cut_across(lines_px: FloatVector, rows: int, half_breadth: float, height_px: float) -> Cuts:
    """Cut at right angles to lines of joints (lines, joints, 2), from the first joint to the last.

    `half_breadth`, as a share of the stature, is how far each cut reaches to either side.
    """
    middle_and_normal = np.stack(_walk(lines_px, rows), axis=-1).astype(np.float32)
    once_and_reach_px = np.array([np.ones_like(_ACROSS), _ACROSS * np.float32(half_breadth * height_px)])
    xs_px, ys_px = (middle_and_normal[..., axis, :] @ once_and_reach_px for axis in (0, 1))
    return Cuts(xs_px, ys_px, step=2 * half_breadth / (_SAMPLES_ACROSS - 1))


def breadths_at(cuts: Cuts, silhouette: Silhouette) -> FloatVector:
    """Return how broad the parts are (rows, parts), as shares of the stature; NaN where one is not alone."""
    rows = cv2.remap(silhouette.mask, _flat(cuts.xs_px), _flat(cuts.ys_px), cv2.INTER_LINEAR)
    return _breadths(np.asarray(rows, np.float32)).reshape(cuts.xs_px.shape[:2]) * cuts.step


def colours_at(cuts: Cuts, rgb: NDArray[np.uint8]) -> FloatArray:
    """Return the colours (rows, parts, 3) along the middle lines."""
    middle = _SAMPLES_ACROSS // 2
    core = slice(middle - _CORE, middle + _CORE + 1)
    xs_px, ys_px = _flat(cuts.xs_px[..., core]), _flat(cuts.ys_px[..., core])
    colours = cv2.remap(rgb, xs_px, ys_px, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(colours.mean(axis=1, dtype=np.float32).reshape(*cuts.xs_px.shape[:2], 3))


def _flat(places_px: FloatArray) -> FloatArray:
    """Put all rows of all parts below each other: OpenCV takes two dimensions."""
    return places_px.reshape(-1, places_px.shape[-1])


def _walk(lines_px: FloatVector, rows: int) -> tuple[FloatVector, FloatVector]:
    """Return points (rows, lines, 2) at equal distances along each line, and the unit normal at each."""
    stretches = lines_px[:, 1:] - lines_px[:, :-1]
    lengths = np.sqrt((stretches**2).sum(axis=2)) + 1e-9
    ends = lengths.cumsum(axis=1)
    gone = _shares(rows)[:, None, None] * ends[:, -1:] - (ends - lengths)
    middle = lines_px[:, 0] + ((gone / lengths).clip(0, 1)[..., None] * stretches).sum(axis=2)
    smooth = (_turning(rows) @ middle.reshape(rows, -1)).reshape(middle.shape)
    length = np.sqrt((smooth**2).sum(axis=2, keepdims=True)) + 1e-9
    return middle, smooth[..., ::-1] * (-1, 1) / length


@cache
def _shares(rows: int) -> FloatVector:
    return np.linspace(0, 1, rows)


@cache
def _turning(rows: int) -> FloatVector:
    """Return what makes smoothed steps (rows, …) along a line of its points (rows, …)."""
    steps = np.asarray(np.gradient(np.eye(rows), axis=0))
    return np.asarray(cv2.blur(steps, (1, _SMOOTHED_ROWS), borderType=cv2.BORDER_REPLICATE))


def _breadths(rows: FloatArray) -> FloatVector:
    """Return the breadth of the run around the middle of each row, in samples."""
    middle = _SAMPLES_ACROSS // 2
    left, right = _reach(rows[:, middle::-1]), _reach(rows[:, middle:])
    return np.where(rows[:, middle] > PERSON, left + right, np.nan)


def _reach(rows: FloatArray) -> FloatVector:
    """Return how far from the first of each row the outline lies; NaN where the row ends before."""
    outside = (rows <= PERSON).argmax(axis=1)
    row = np.arange(len(rows))
    here, there = rows[row, outside - 1], rows[row, outside]
    with np.errstate(divide="ignore", invalid="ignore"):
        between = (here - PERSON) / (here - there)
    return np.where(outside > 0, outside - 1 + between, np.nan)
