from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from wearon_sizing.measurement.refusal import NoFullBody, Refusal
from wearon_sizing.measurement.run import PERSON, run_around
from wearon_sizing.pose import FloatArray

# Below this, one pixel is worth more than 1.2 cm of a grown person.
_LEAST_HEIGHT_PX = 150


@dataclass(frozen=True, slots=True, eq=False)
class Silhouette:
    """The person's outline.

    `mask` (H, W) is 0..1 and 0 on everything but this person; between `top_px` and `bottom_px`, which lie
    between pixels, it holds the person from the crown to the lowest point of the feet.
    """

    mask: FloatArray
    top_px: float
    bottom_px: float

    @property
    def height_px(self) -> float:
        """From the top of the head to the lowest point of the feet."""
        return self.bottom_px - self.top_px

    def run_around(self, x_px: float, y_px: float) -> tuple[float, float] | None:
        """Return the unbroken stretch of person in the row of `y_px` that holds `x_px`."""
        row = round(y_px)
        return run_around(self.mask[row], round(x_px)) if 0 <= row < self.mask.shape[0] else None


def trace_silhouette(mask: FloatArray) -> Silhouette:
    """Take the largest connected patch that is more likely person than not.

    Raises:
        NoFullBody: nothing is there, it is too small to measure, or the picture's upper edge cuts the head.
    """
    patch = _largest_patch((mask > PERSON).astype(np.uint8))
    # One pixel more than the patch, so that the outline can lie between pixels.
    around = cv2.dilate(patch, np.ones((3, 3), np.uint8))
    alone = np.asarray(cv2.copyTo(mask, around), np.float32)
    rows = np.flatnonzero(cv2.reduce(patch, 1, cv2.REDUCE_MAX))
    if rows[0] == 0:
        raise NoFullBody(Refusal.HEAD_OUTSIDE)
    ends = run_around(
        np.asarray(cv2.reduce(alone, 1, cv2.REDUCE_MAX)[:, 0], np.float32), int(rows[len(rows) // 2])
    )
    if ends is None or ends[1] - ends[0] < _LEAST_HEIGHT_PX:
        raise NoFullBody(Refusal.TOO_SMALL)
    return Silhouette(alone, top_px=ends[0], bottom_px=ends[1])


def _largest_patch(inside: NDArray[np.uint8]) -> NDArray[np.uint8]:
    left, top, width, height = cv2.boundingRect(inside)
    box = np.s_[top : top + height, left : left + width]
    if width == 0:  # OpenCV crashes on labelling an empty picture
        raise NoFullBody(Refusal.OUTLINE_UNCLEAR)
    _, labels, patches, _ = cv2.connectedComponentsWithStats(inside[box])
    patch = np.zeros_like(inside)
    patch[box] = labels == 1 + int(np.argmax(patches[1:, cv2.CC_STAT_AREA]))
    return patch
