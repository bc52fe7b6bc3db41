from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

FloatVector = NDArray[np.float64]

# Places across a part of the body, shares of the way from its middle to its edge. The very edge is left out:
# it is half background.
_ACROSS = np.arange(1, 37) / 40
_PLACES = np.concatenate([-_ACROSS[::-1], _ACROSS])
MIDDLE_PLACES = slice(len(_ACROSS) - 10, len(_ACROSS) + 10)
"""A quarter of the way to either edge, in what `brightness_across` returns."""

# In logarithms of brightness. Shading changes by less; the border of a garment or a print by more.
_MOST_ACROSS = 0.7
_BLACK = 5.0  # of 255, keeps the logarithm of a dark pixel calm
_LOGARITHMS = np.log(np.arange(3 * 255 + 1) / 3 + _BLACK)  # by the sum of red, green and blue


class Profile(NamedTuple):
    """Brightness across a part, (rows, places from the middle to the edge), in logarithms.

    `side`: how much brighter the right half is than the left, halved; `front`: the mean of both halves.
    """

    side: FloatVector
    front: FloatVector

    def of(self, rows: slice | NDArray[np.bool_]) -> "Profile":
        """Return some of the rows."""
        return Profile(self.side[rows], self.front[rows])


def brightness_across(rgb: NDArray[np.uint8], ends_px: FloatVector) -> FloatVector:
    """Return the logarithm of the brightness (rows, places) from near the left end to near the right one.

    `ends_px` (3, rows): left end, right end, height; NaN ends for a row that is not to be seen, and NaN then.
    """
    left_px, right_px, y_px = np.where(np.isnan(ends_px), 0, ends_px)
    xs = ((left_px + right_px)[:, None] + _PLACES * (right_px - left_px)[:, None]) / 2
    ys = np.broadcast_to(y_px[:, None], xs.shape)
    pixels = cv2.remap(
        rgb, xs.astype(np.float32), ys.astype(np.float32), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    red, green, blue = pixels.transpose(2, 0, 1).astype(np.int16)
    brightness = _LOGARITHMS[red + green + blue]
    brightness[np.isnan(ends_px[0])] = np.nan
    return np.asarray(brightness)


def profile_of(brightness: FloatVector) -> Profile:
    """Compare both halves of every row, whatever the row's own brightness is."""
    relative = (brightness - medians_of(brightness)[:, None]).clip(-_MOST_ACROSS, _MOST_ACROSS)
    left, right = relative[:, : len(_ACROSS)][:, ::-1], relative[:, len(_ACROSS) :]
    return Profile((right - left) / 2, (right + left) / 2)


def medians_of(rows: FloatVector) -> FloatVector:
    """Return the median of each row of an even length; NaN of a row of NaN. Faster than NumPy's own."""
    middle = rows.shape[1] // 2
    parted = np.partition(rows, (middle - 1, middle), axis=1)
    return np.asarray((parted[:, middle - 1] + parted[:, middle]) / 2)
