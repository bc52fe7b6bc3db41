import numpy as np
from numpy.typing import NDArray

FloatVector = NDArray[np.float64]


def mean_of_known(values: FloatVector) -> FloatVector:
    """Return the means over the second dimension without NaNs; NaN where there is nothing else."""
    known = ~np.isnan(values)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(known, values, 0).sum(axis=1) / known.sum(axis=1))
