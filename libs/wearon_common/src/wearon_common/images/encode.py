from io import BytesIO

from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile

from wearon_common.images.opening import opened_image
from wearon_common.images.render import render


def encode_jpeg(image: Image.Image, quality: int = 90) -> bytes:
    """Encode an RGB or YCbCr picture as JPEG, quality 1 to 95."""
    encoded = BytesIO()
    image.save(encoded, "JPEG", quality=quality)
    return encoded.getvalue()


def shrink_to_jpeg(data: bytes, max_side_px: int) -> bytes:
    """Give `encode_jpeg(decode_image(data, max_side_px))`, to the eye, for a quarter of the usual cost.

    Raises `ImageRejected`.
    """
    with opened_image(data) as image:
        return encode_jpeg(render(image, max_side_px, "YCbCr" if _holds_ycbcr(image) else "RGB"))


def as_jpeg(data: bytes) -> bytes:
    """Give the image as JPEG; what is one already is read to its end, at an eighth of its size, and kept.

    Raises `ImageRejected`.
    """
    with opened_image(data) as image:
        if not isinstance(image, JpegImageFile):
            return encode_jpeg(render(image, None))
        image.draft(None, (1, 1))
        image.load()
        return data


def _holds_ycbcr(image: Image.Image) -> bool:
    """Whether libjpeg takes the three components of a JPEG for YCbCr; Adobe's may be RGB."""
    return (
        isinstance(image, JpegImageFile)
        and [component for component, *_ in image.layer] == [1, 2, 3]
        and image.info.get("adobe_transform", 1) == 1
    )
