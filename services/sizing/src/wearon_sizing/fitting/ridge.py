import numpy as np
from numpy.typing import NDArray

FloatVector = NDArray[np.float64]


def solve_ridge(
    design: FloatVector, wanted: FloatVector, weight: FloatVector, penalty: FloatVector
) -> FloatVector:
    """Return the coefficients (columns, targets) of a weighted ridge regression.

    `design` (rows, columns), `wanted` (rows, targets), `weight` (rows,), `penalty` (columns,): 0 for what is
    not to be shrunk.
    """
    weighted = design * weight[:, None]
    return np.asarray(np.linalg.solve(weighted.T @ design + np.diag(penalty), weighted.T @ wanted))


def folds_of(rows: int, folds: int, seed: int) -> list[NDArray[np.intp]]:
    """Deal the rows out at random into folds of equal size."""
    return np.array_split(np.random.default_rng(seed).permutation(rows), folds)
