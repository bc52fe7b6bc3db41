from enum import StrEnum


class ImageKind(StrEnum):
    """The image formats that we take, by the names that Pillow has for them."""

    JPEG = "JPEG"
    PNG = "PNG"
    WEBP = "WEBP"


def kind_of(data: bytes) -> ImageKind | None:
    """Tell the kind of an image by its first bytes, whatever it is said to be; None for any other."""
    if data.startswith(b"\xff\xd8\xff"):
        return ImageKind.JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return ImageKind.PNG
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return ImageKind.WEBP
    return None
