"""Real decoding of the pictures that a call brings."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps

from wearon_devkit.openai_local.errors import ApiError
from wearon_devkit.openai_local.uploads import UploadedImage

FORMATS = ("JPEG", "PNG", "WEBP")
AREA_LIMIT_PX = 50_000_000
"""Larger pictures are refused before their pixels are unpacked."""


@dataclass(frozen=True, slots=True)
class InputImage:
    """One decoded picture, upright, and what the record says about it."""

    picture: Image.Image
    format: str
    size_px: tuple[int, int]
    size_bytes: int


def decode_images(uploads: Sequence[UploadedImage]) -> list[InputImage]:
    """Decode all pictures of a call.

    Raises ApiError: 400 `invalid_image_file` for the first one that is no whole picture of the three formats.
    """
    return [decode_image(upload, number) for number, upload in enumerate(uploads, start=1)]


def decode_image(upload: UploadedImage, number: int) -> InputImage:
    """Decode one picture; `number` is its place in the call, from 1."""
    try:
        with Image.open(BytesIO(upload.content), formats=FORMATS) as picture:
            refuse_giant(picture)
            upright = ImageOps.exif_transpose(picture)
            return InputImage(upright, str(picture.format).lower(), upright.size, len(upload.content))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        message = f"Invalid image file or mode for image {number}, please check your image file."
        raise ApiError(400, "invalid_image_file", message, type="image_generation_user_error") from error


def refuse_giant(picture: Image.Image) -> None:
    """Raise ValueError for a picture whose header promises too many pixels."""
    if picture.width * picture.height > AREA_LIMIT_PX:
        raise ValueError(f"a picture of {picture.width}x{picture.height} pixels is too large")
