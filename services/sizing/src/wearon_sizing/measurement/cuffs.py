import math

import numpy as np
from numpy.typing import NDArray

_WINDOW = 5
_IN_WINDOW = np.arange(_WINDOW)
# In RGB units: between skin and cloth, or cloth and other cloth, the middle line changes by far more than
# shading does.
_LEAST_CHANGE = 25.0


def steps_at_edges(breadths: NDArray[np.float64], colours: NDArray[np.float32]) -> list[float]:
    """Return the logarithm of how much broader parts are above the edge of a garment than below it.

    `breadths` (rows, parts) and `colours` (rows, parts, 3) run down the parts. The edge is where the colour
    along the middle line changes most. A tight sleeve is as broad as the arm that comes out of it; a loose
    one is broader, and tells that the rest of the garment is loose as well. 0 where there is no edge.
    """
    changes = _changes(colours)
    rows = changes.argmax(axis=0).tolist()
    return [
        _step(breadths[:, part].tolist(), _WINDOW + row) if changes[row, part] >= _LEAST_CHANGE else 0.0
        for part, row in enumerate(rows)
    ]


def _changes(colours: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the change of colour over each row that has a whole window above and below it."""
    middle = _WINDOW // 2  # where a partition puts the median: NumPy's own takes several times as long
    windows = colours[np.arange(len(colours) - _WINDOW + 1)[:, None] + _IN_WINDOW]
    medians = np.partition(windows, middle, axis=1)[:, middle]
    change = medians[: -_WINDOW - 1] - medians[_WINDOW + 1 :]
    return np.asarray(np.sqrt((change**2).sum(axis=-1)))


def _step(breadths: list[float], row: int) -> float:
    above = _mean_of_known(breadths[row - _WINDOW - 1 : row - 1] if row > _WINDOW else breadths[: row - 1])
    below = _mean_of_known(breadths[row + 2 : row + 2 + _WINDOW])
    return 0.0 if above is None or below is None else math.log(above / below)


def _mean_of_known(values: list[float]) -> float | None:
    known = [value for value in values if not math.isnan(value)]
    return sum(known) / len(known) if known else None
