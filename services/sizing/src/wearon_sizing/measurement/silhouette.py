from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from wearon_sizing.measurement.refusal import NoFullBody, Refusal
from wearon_sizing.measurement.runs import PERSON, Box, Runs
from wearon_sizing.pose import FloatArray

# Below this, one pixel is worth more than 1.5 cm of a grown person.
_LEAST_HEIGHT_PX = 120


@dataclass(frozen=True, slots=True, eq=False)
class Silhouette:
    """The person's outline.

    `mask` (H, W) is 0..1, and above even odds nowhere but on this person; between `top_px` and `bottom_px`,
    which lie between pixels, it holds the person from the crown to the lowest point of the feet. `runs` are
    the stretches of each row that are more likely person than not; `box` holds all of them, rows and columns.
    """

    mask: FloatArray
    runs: Runs
    top_px: float
    bottom_px: float
    box: Box

    @property
    def height_px(self) -> float:
        """From the top of the head to the lowest point of the feet."""
        return self.bottom_px - self.top_px


def trace_silhouette(mask: FloatArray) -> Silhouette:
    """Take the largest connected patch that is more likely person than not.

    Raises:
        NoFullBody: nothing is there, it is too small to measure, or the picture's upper edge cuts the head.
    """
    inside = (mask > PERSON).view(np.uint8)
    box = _box_of(inside)
    # To count patches takes a tenth of the time of telling them apart, and there is nearly always one.
    if len(cv2.findContours(inside[box], cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]) > 1:
        inside[box] = _largest_of(inside[box])
        box = _box_of(inside)
        mask = _without_others(mask, inside, box)
    rows, _ = box
    if rows.start == 0:
        raise NoFullBody(Refusal.HEAD_OUTSIDE)
    top_px, bottom_px = _outline_px(mask, rows.start, -1), _outline_px(mask, rows.stop - 1, 1)
    if bottom_px - top_px < _LEAST_HEIGHT_PX:
        raise NoFullBody(Refusal.TOO_SMALL)
    return Silhouette(mask, Runs(mask, inside, box), top_px, bottom_px, box)


def _outline_px(mask: FloatArray, row: int, outwards: int) -> float:
    """Return where, from the last row of the person outwards, the outline lies between rows."""
    beyond = row + outwards
    if beyond == len(mask):
        return row + 0.5  # the picture ends at the edge of its last pixel
    here, there = float(mask[row].max()), float(mask[beyond].max())
    return row + outwards * (here - PERSON) / (here - there)


def _largest_of(patches: NDArray[np.uint8]) -> NDArray[np.uint8]:
    _, labels, rows, _ = cv2.connectedComponentsWithStats(patches)
    label = 1 + int(np.argmax(rows[1:, cv2.CC_STAT_AREA]))
    return np.asarray(cv2.inRange(labels, label, label), np.uint8)


def _box_of(patches: NDArray[np.uint8]) -> Box:
    left, top, width, height = cv2.boundingRect(patches)
    if width == 0:  # OpenCV crashes on labelling an empty picture
        raise NoFullBody(Refusal.OUTLINE_UNCLEAR)
    return slice(top, top + height), slice(left, left + width)


def _without_others(mask: FloatArray, inside: NDArray[np.uint8], box: Box) -> FloatArray:
    """Return the mask of one patch alone, with the pixel around it that its outline is read from."""
    rows, columns = (slice(max(side.start - 1, 0), side.stop + 1) for side in box)
    alone = np.zeros_like(mask)
    alone[rows, columns] = cv2.copyTo(
        mask[rows, columns], cv2.dilate(inside[rows, columns], np.ones((3, 3), np.uint8))
    )
    return alone
