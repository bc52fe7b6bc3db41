"""How alike two pictures look: SSIM."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Plane = NDArray[np.float64]

# Wang, Bovik, Sheikh, Simoncelli: Image quality assessment (2004): window and constants for 8 bits.
_WINDOW, _SIGMA = 11, 1.5
_C1, _C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2


def similarity(one: Image.Image, other: Image.Image) -> float:
    """Return the mean SSIM, at most 1, of the plane (luma or one of both chromas) that differs most.

    Raises ValueError: the pictures differ in size.
    """
    if one.size != other.size:
        raise ValueError(f"{one.size} and {other.size} cannot be compared")
    planes = [picture.convert("YCbCr").split() for picture in (one, other)]
    return min(_mean_ssim(a, b) for a, b in zip(*planes, strict=True))


def _mean_ssim(one: Image.Image, other: Image.Image) -> float:
    a, b = np.asarray(one, np.float64), np.asarray(other, np.float64)
    mean_a, mean_b = _windowed(a), _windowed(b)
    variance_a, variance_b = _windowed(a * a) - mean_a**2, _windowed(b * b) - mean_b**2
    covariance = _windowed(a * b) - mean_a * mean_b
    likeness = (2 * mean_a * mean_b + _C1) * (2 * covariance + _C2)
    return float(np.mean(likeness / ((mean_a**2 + mean_b**2 + _C1) * (variance_a + variance_b + _C2))))


def _windowed(plane: Plane) -> Plane:
    return _blurred(_blurred(plane).T).T


def _blurred(plane: Plane) -> Plane:
    distances = np.arange(_WINDOW) - _WINDOW // 2
    weights = np.exp(-(distances**2) / (2 * _SIGMA**2))
    shifted = np.lib.stride_tricks.sliding_window_view(plane, _WINDOW, axis=1)
    return np.asarray(shifted @ (weights / weights.sum()), np.float64)
