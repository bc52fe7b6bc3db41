import cv2
import numpy as np
from numpy.typing import NDArray

from wearon_sizing.measurement.refusal import NoFullBody, Refusal
from wearon_sizing.measurement.run import PERSON
from wearon_sizing.measurement.silhouette import Silhouette

# Of 255. A dim room that a phone has brightened is at 40 and more.
_DARK_GREY = 22.0
_BRIGHTEST_PERCENT = 90
# Second differences between neighbouring pixels over first ones, both at the strongest edges, so that
# contrast does not count. Sharp pictures are at 0.5 to 0.9; blurred over 1 % of the body at 0.35 to 0.41,
# over 1.7 % at 0.3.
_LEAST_SHARPNESS = 0.31
_SHARPEST_PERCENT = 98
_SHARPNESS_HEIGHT_PX = 256


def require_clarity(rgb: NDArray[np.uint8], silhouette: Silhouette) -> None:
    """Pass a person who is lit and in focus well enough to be measured.

    Raises:
        NoFullBody: the person is too dark or too blurred.
    """
    grey = _person_in_grey(rgb, silhouette)
    if np.percentile(grey[::2, ::2], _BRIGHTEST_PERCENT) < _DARK_GREY:
        raise NoFullBody(Refusal.TOO_DARK)
    if _sharpness(grey) < _LEAST_SHARPNESS:
        raise NoFullBody(Refusal.BLURRED)


def _sharpness(grey: NDArray[np.uint8]) -> float:
    across, down = cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)
    first = cv2.magnitude(across, down) / 4
    second = np.abs(cv2.Laplacian(grey, cv2.CV_32F))
    strongest, sharpest = (
        float(np.percentile(image[::2, ::2], _SHARPEST_PERCENT)) for image in (first, second)
    )
    return sharpest / max(strongest, 1.0)


def _person_in_grey(rgb: NDArray[np.uint8], silhouette: Silhouette) -> NDArray[np.uint8]:
    """Cut the person's box out and bring it to one height, so that a large photo need not be sharper."""
    left, _, width, _ = cv2.boundingRect(cv2.inRange(silhouette.mask, PERSON, 2.0))
    box = rgb[round(silhouette.top_px) : round(silhouette.bottom_px), left : left + width]
    scale = min(1.0, _SHARPNESS_HEIGHT_PX / box.shape[0])
    small = cv2.resize(np.ascontiguousarray(box), None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY))
