from PIL import Image

from wearon_common.images.opening import MAX_PIXELS, opened_image
from wearon_common.images.render import render


def decode_image(data: bytes, max_side_px: int | None, max_pixels: int = MAX_PIXELS) -> Image.Image:
    """Decode a JPEG, PNG or WebP image into an upright RGB picture without metadata.

    Transparency becomes white; of an animation the first frame is taken. Colour profiles are dropped and
    the numbers read as sRGB. Blocks the thread and takes up to 20 bytes of memory a pixel: call it from
    a bounded executor.

    Args:
        data: the file's bytes.
        max_side_px: a picture whose longer side is longer is shrunk to it; None leaves every size.
        max_pixels: the largest JPEG taken. Half of it is the limit for PNG and WebP, which cannot be
            decoded at a fraction of their size.

    Raises:
        ImageRejected: it is another format, too large, truncated or broken.
    """
    with opened_image(data, max_pixels) as image:
        return render(image, max_side_px)
