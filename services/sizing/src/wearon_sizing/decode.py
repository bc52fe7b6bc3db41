import cv2
import numpy as np
from numpy.typing import NDArray

from wearon_common.images.opening import opened_image
from wearon_common.images.render import render

# MediaPipe looks at 256 x 256 of it, and a body that fills half of the picture or more is measured as well at
# this size as at twice the size. Larger pictures only cost more.
_LEAST_LONGER_SIDE_PX = 360


def decode_picture(data: bytes) -> NDArray[np.uint8]:
    """Return the picture in a JPEG, PNG or WebP file as upright RGB (H, W, 3), small enough for MediaPipe.

    It is shrunk by a whole number, which costs next to nothing, so that its longer side is 360 to 719 pixels;
    a smaller one stays as it is. A JPEG is not even decoded in full.

    Raises:
        ImageRejected: it is not a picture that is taken.
    """
    with opened_image(data) as image:
        image.draft("RGB", _least_size(image.size))
        image.load()
        return _shrink(np.asarray(render(image, None)))


def _least_size(size_px: tuple[int, int]) -> tuple[int, int]:
    width, height = (max(side * _LEAST_LONGER_SIDE_PX // max(size_px), 1) for side in size_px)
    return width, height


def _shrink(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    factor = max(rgb.shape[:2]) // _LEAST_LONGER_SIDE_PX
    if factor <= 1:
        return rgb
    height, width = (max(side // factor, 1) for side in rgb.shape[:2])
    whole = rgb[: height * factor, : width * factor]
    return np.asarray(cv2.resize(whole, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
