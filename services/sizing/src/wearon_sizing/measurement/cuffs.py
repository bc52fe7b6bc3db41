import math

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

_WINDOW = 5
# In RGB units: between skin and cloth, or cloth and other cloth, the middle line changes by far more than
# shading does.
_LEAST_CHANGE = 25.0


def step_at_edge(breadth: NDArray[np.float64], colour: NDArray[np.float32]) -> float:
    """Return the logarithm of how much broader a part is above the edge of a garment than below it.

    The edge is where the colour along the middle line changes most. A tight sleeve is as broad as the arm
    that comes out of it; a loose one is broader, and tells that the rest of the garment is loose as well. 0
    where there is no edge.
    """
    changes = _changes(colour)
    if len(changes) == 0 or changes.max() < _LEAST_CHANGE:
        return 0.0
    row = _WINDOW + int(changes.argmax())
    above, below = breadth[max(0, row - _WINDOW - 1) : row - 1], breadth[row + 2 : row + 2 + _WINDOW]
    if np.isnan(above).all() or np.isnan(below).all():
        return 0.0
    return math.log(float(np.nanmean(above)) / float(np.nanmean(below)))


def _changes(colour: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the change of colour over each row that has a whole window above and below it."""
    middle = _WINDOW // 2  # where a partition puts the median: NumPy's own takes several times as long
    medians = np.partition(sliding_window_view(colour, _WINDOW, axis=0), middle, axis=-1)[..., middle]
    return np.asarray(np.linalg.norm(medians[: -_WINDOW - 1] - medians[_WINDOW + 1 :], axis=1))
