import numpy as np
from numpy.typing import NDArray

from wearon_common.images.opening import opened_image
from wearon_common.images.render import render_reduced

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
        return np.asarray(render_reduced(image, _LEAST_LONGER_SIDE_PX))
