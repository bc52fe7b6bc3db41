from PIL import Image

from wearon_common.images.opening import opened_image
from wearon_common.images.render import render


def decode_image(data: bytes, max_side_px: int | None) -> Image.Image:
    """Decode a JPEG, PNG or WebP image into an upright RGB picture without metadata.

    Transparency becomes white; of an animation the first frame is taken. Colour profiles are dropped and
    the numbers read as sRGB. Blocks the thread: call it from an executor.

    Args:
        data: the file's bytes.
        max_side_px: a picture whose longer side is longer is shrunk to it; None leaves every size.

    Raises:
        ImageRejected: it is another format, too large, truncated or broken.
    """
    with opened_image(data) as image:
        return render(image, max_side_px)
