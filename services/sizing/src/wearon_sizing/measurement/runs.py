import numpy as np
from numpy.typing import NDArray

FloatVector = NDArray[np.float64]
Box = tuple[slice, slice]
"""Rows and columns of a picture."""

PERSON = 0.5
"""Even odds: the outline runs where the mask crosses this value."""

_OUTWARDS = np.array([[-1], [1]])


class Runs:
    """The unbroken stretches of person in every row of a picture.

    `mask` (H, W) is 0..1; `inside` (H, W) is other than 0 where it is above `PERSON`, and `box` holds all of
    that. A stretch ends between pixels, where a straight line between the two crosses `PERSON`, or with the
    picture; a pixel's middle is its index.
    """

    def __init__(self, mask: NDArray[np.float32], inside: NDArray[np.uint8], box: Box) -> None:
        shown = inside[box]
        self._top, self._left = box[0].start, box[1].start
        self._height, self._width = shown.shape
        # Background before each row and after the last one parts the rows, also where a person fills them.
        self._stride = self._width + 1
        parted = np.zeros(self._height * self._stride + 1, np.bool_)
        parted[:-1].reshape(self._height, self._stride)[:, 1:] = shown
        changes = np.flatnonzero(parted[1:] != parted[:-1])
        self._first, self._last = places = np.array([changes[::2] + 1, changes[1::2]])
        self._ends_px = self._outline_px(mask, places)

    def around(self, xs_px: FloatVector, ys_px: FloatVector) -> FloatVector:
        """Return the left and right ends (2, …) of the stretches that hold points; NaN where no person is."""
        columns, rows = np.rint(xs_px) - self._left, np.rint(ys_px) - self._top
        is_shown = (columns >= 0) & (columns < self._width) & (rows >= 0) & (rows < self._height)
        place = np.where(is_shown, rows * self._stride + columns + 1, 0)
        run = self._first.searchsorted(place, "right") - 1
        return np.where((run >= 0) & (place <= self._last[run]), self._ends_px[:, run], np.nan)

    def _outline_px(self, mask: NDArray[np.float32], places: NDArray[np.intp]) -> FloatVector:
        """Return the ends (2, runs) of stretches from their first and last pixels."""
        width = mask.shape[1]
        rows = places[0] // self._stride
        columns = places - rows * self._stride - 1 + self._left
        at = (rows + self._top) * width + columns
        here, there = (mask.take(index, mode="clip").astype(np.float64) for index in (at, at + _OUTWARDS))
        goes_on = (columns + _OUTWARDS >= 0) & (columns + _OUTWARDS < width)  # else the pixel's edge ends it
        reach = np.divide(here - PERSON, here - there, out=np.full(here.shape, 0.5), where=goes_on)
        return np.asarray(columns + _OUTWARDS * reach)
