from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from wearon_sizing.measurement.refusal import NoFullBody, Refusal
from wearon_sizing.pose import FloatArray

# Below this, one pixel is worth more than 1.5 cm of a grown person.
_LEAST_HEIGHT_PX = 120


@dataclass(frozen=True, slots=True, eq=False)
class Silhouette:
    """The person's outline: `inside` (H, W) is true on the person, who fills rows `top_px` to `bottom_px`."""

    inside: NDArray[np.bool_]
    top_px: int
    bottom_px: int

    @property
    def height_px(self) -> int:
        """From the top of the head to the lowest point of the feet."""
        return self.bottom_px - self.top_px

    def run_around(self, x_px: float, row: int) -> tuple[int, int] | None:
        """Return the unbroken stretch [left, right) of `row` that holds `x_px`, if that is on the person."""
        column = int(x_px)
        if not (0 <= row < self.inside.shape[0] and 0 <= column < self.inside.shape[1]):
            return None
        if not self.inside[row, column]:
            return None
        gaps = np.flatnonzero(~self.inside[row])
        after = int(np.searchsorted(gaps, column))
        left = int(gaps[after - 1]) + 1 if after > 0 else 0
        right = int(gaps[after]) if after < len(gaps) else self.inside.shape[1]
        return left, right


def trace_silhouette(mask: FloatArray) -> Silhouette:
    """Take the largest connected patch that is more likely person than not.

    Raises:
        NoFullBody: nothing is there, it is too small to measure, or the picture's upper edge cuts the head.
    """
    inside = _largest_patch(mask > 0.5)  # noqa: PLR2004 - even odds
    rows = np.flatnonzero(inside.any(axis=1))
    silhouette = Silhouette(inside, top_px=int(rows[0]), bottom_px=int(rows[-1]) + 1)
    if silhouette.height_px < _LEAST_HEIGHT_PX:
        raise NoFullBody(Refusal.TOO_SMALL)
    if silhouette.top_px == 0:
        raise NoFullBody(Refusal.HEAD_OUTSIDE)
    return silhouette


def _largest_patch(inside: NDArray[np.bool_]) -> NDArray[np.bool_]:
    count, labels, patches, _ = cv2.connectedComponentsWithStats(inside.astype(np.uint8))
    if count == 1:  # the background alone
        raise NoFullBody(Refusal.OUTLINE_UNCLEAR)
    largest = 1 + int(np.argmax(patches[1:, cv2.CC_STAT_AREA]))
    return np.asarray(labels == largest)
