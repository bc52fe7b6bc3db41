"""The picture files of a call, checked before anything decodes them."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.datastructures import UploadFile

from wearon_devkit.openai_local.errors import ApiError, bad_parameter

IMAGE_LIMIT = 16
IMAGE_LIMIT_BYTES = 50_000_000
CONTENT_TYPES = ("image/jpeg", "image/png", "image/webp")


@dataclass(frozen=True, slots=True)
class UploadedImage:
    """One picture file as it came: its declared type and its bytes, not yet decoded."""

    content_type: str
    content: bytes


async def read_uploads(parts: Sequence[UploadFile | str]) -> tuple[UploadedImage, ...]:
    """Read 1 to 16 picture files into memory.

    Raises ApiError: there are none or too many, or one is no file, of another type, empty or 50 MB and more.
    """
    if not parts:
        raise bad_parameter("image", "missing_required_parameter", "Missing required parameter: 'image'.")
    if len(parts) > IMAGE_LIMIT:
        message = (
            "Invalid 'image': array too long. Expected an array with maximum length "
            f"{IMAGE_LIMIT}, but got an array with length {len(parts)} instead."
        )
        raise bad_parameter("image", "array_above_max_length", message)
    return tuple([await read_upload(part, f"image[{index}]") for index, part in enumerate(parts)])


async def read_upload(part: UploadFile | str, name: str) -> UploadedImage:
    """Read one picture file; `name` is how errors call it."""
    if isinstance(part, str):
        message = (
            "Invalid type for 'image': expected one of an array of files or file, but got a string instead."
        )
        raise bad_parameter("image", "invalid_type", message)
    if part.content_type not in CONTENT_TYPES:
        raise unsupported_type(name, part.content_type or "application/octet-stream")
    if not part.size:
        raise bad_parameter(name, "empty_file", f"Invalid file '{name}': the file is empty.")
    if part.size >= IMAGE_LIMIT_BYTES:
        raise bad_parameter(name, "file_too_large", f"Invalid file '{name}': it must be smaller than 50 MB.")
    return UploadedImage(part.content_type, await part.read())


def unsupported_type(name: str, content_type: str) -> ApiError:
    """Return the 400 of a file whose declared type is none of the three."""
    message = (
        f"Invalid file '{name}': unsupported mimetype ('{content_type}'). "
        "Supported file formats are 'image/jpeg', 'image/png', and 'image/webp'."
    )
    return bad_parameter(name, "unsupported_file_mimetype", message)
