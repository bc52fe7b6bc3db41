import cv2
import numpy as np
from numpy.typing import NDArray

from wearon_sizing.measurement.refusal import NoFullBody, Refusal
from wearon_sizing.measurement.silhouette import Silhouette

Gradient = NDArray[np.int16]

# Of 255. A dim room that a phone has brightened is at 40 and more.
_DARK_GREY = 22.0
_BRIGHTEST_SHARE = 0.9
# How steep the strongest edges are beside the same edges blurred on purpose: the steeper, the sharper (Zhuo
# and Sim, "Defocus map estimation from a single image", 2011). Neither contrast nor noise counts. Each
# direction by itself, because a moved camera blurs one only; across the body, where breadths are taken, more
# is asked for.
_LEAST_SHARPNESS_ACROSS, _LEAST_SHARPNESS_DOWN = 2.15, 1.95
_STRONGEST_SHARE = 0.95
_HEIGHT_PX = 160
_BLUR_PX = 7
# Across and down: within so many pixels an edge is steepest, wherever its blurred self is.
_REACHES = np.ones((1, 5), np.uint8), np.ones((5, 1), np.uint8)


def require_clarity(rgb: NDArray[np.uint8], silhouette: Silhouette) -> None:
    """Pass a person who is lit and in focus well enough to be measured.

    Raises:
        NoFullBody: the person is too dark or too blurred.
    """
    grey = _person_in_grey(rgb, silhouette)
    if _quantile(grey, _BRIGHTEST_SHARE) < _DARK_GREY:
        raise NoFullBody(Refusal.TOO_DARK)
    across, down = sharpness(grey)
    if across < _LEAST_SHARPNESS_ACROSS or down < _LEAST_SHARPNESS_DOWN:
        raise NoFullBody(Refusal.BLURRED)


def sharpness(grey: NDArray[np.uint8]) -> tuple[float, float]:
    """Return how sharp the edges across and down a grey picture (H, W) of a person are.

    1 is as blurred as can be; photographs in focus are at 2.4 and more.
    """
    sharp, soft = cv2.spatialGradient(grey), cv2.spatialGradient(cv2.blur(grey, (_BLUR_PX, _BLUR_PX)))
    across, down = (
        _steepness(np.abs(one), np.abs(other), reach)
        for one, other, reach in zip(sharp, soft, _REACHES, strict=True)
    )
    return across, down


def _steepness(sharp: Gradient, soft: Gradient, reach: NDArray[np.uint8]) -> float:
    edges = (soft >= max(_quantile(soft, _STRONGEST_SHARE), 1)).view(np.uint8)
    steepest, blurred = cv2.mean(cv2.dilate(sharp, reach), edges)[0], cv2.mean(soft, edges)[0]
    return steepest / blurred if blurred else 0.0


def _quantile(values: NDArray[np.generic], share: float) -> float:
    every_other = values[::2, ::2].ravel()  # enough, and NumPy's own takes a quarter of a millisecond
    rank = int(share * every_other.size)
    return float(np.partition(every_other, rank)[rank])


def _person_in_grey(rgb: NDArray[np.uint8], silhouette: Silhouette) -> NDArray[np.uint8]:
    """Cut the person's box out and bring it to one height, so that a large photo need not be sharper."""
    box = rgb[round(silhouette.top_px) : round(silhouette.bottom_px), silhouette.box[1]]
    grey = cv2.cvtColor(box, cv2.COLOR_RGB2GRAY)
    scale = min(1.0, _HEIGHT_PX / len(grey))
    return np.asarray(cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
