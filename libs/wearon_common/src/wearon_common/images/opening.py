import re
import struct
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from io import BytesIO

from PIL import Image, ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from wearon_common.images.errors import ImageReason, ImageRejected
from wearon_common.images.kind import ImageKind, kind_of
from wearon_common.images.memory import MOST_BYTES, decoding_bytes, memory

# The largest photographs that phones make in 10 MiB (8160 x 6120).
_MOST_PIXELS = 50_000_000

# Named here so that Pillow has them before two threads open an image at once: it registers a format
# that it does not know yet without a lock, and by loading all forty.
_FORMATS = {
    ImageKind.JPEG: JpegImageFile.format,
    ImageKind.PNG: PngImageFile.format,
    ImageKind.WEBP: WebPImageFile.format,
}

# JPEG segments whose number costs the decoder time out of all proportion to their bytes, and the most of
# each that we take. Progressive photographs have about 10 scans, and phones append a few more pictures.
_MOST_JPEG_SEGMENTS = {
    # A scan goes over the whole picture, 20 ms for 50 megapixels, however few bytes it has.
    re.compile(rb"\xff\xda\x00[\x06\x08\x0a\x0c][\x01-\x04]"): 60,
    # Each segment of EXIF is appended to a copy of all before it.
    re.compile(rb"\xff\xe1..Exif\x00\x00", re.DOTALL): 200,
}

# What Pillow's parsers raise on broken input; none of them promises a type.
DECODER_FAILURES = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    Image.DecompressionBombError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    Warning,  # where the process turns warnings into errors
    struct.error,
    zlib.error,
)


@contextmanager
def opened_image(data: bytes) -> Iterator[ImageFile.ImageFile]:
    """Open a JPEG, PNG or WebP file of bearable cost; nothing is decoded before it is asked for inside.

    Blocks while others decode as much as the process has memory for.

    Raises:
        ImageRejected: it is another format, too large, truncated or broken, also when that shows inside.
    """
    kind = kind_of(data)
    if kind is None:
        raise ImageRejected(ImageReason.NOT_AN_IMAGE, "not JPEG, PNG or WebP")
    if kind is ImageKind.JPEG:
        _refuse_costly_jpeg(data)
    try:
        with Image.open(BytesIO(data), formats=[_FORMATS[kind]]) as image:
            needed_bytes = decoding_bytes(image)
            if image.width * image.height > _MOST_PIXELS or needed_bytes > MOST_BYTES:
                raise ImageRejected(ImageReason.TOO_MANY_PIXELS, f"{image.width} x {image.height} pixels")
            with memory.taken(needed_bytes), closing(image):
                yield image
    except DECODER_FAILURES as error:
        raise ImageRejected(ImageReason.BROKEN, f"{kind} decoder: {type(error).__name__}") from None


def _refuse_costly_jpeg(data: bytes) -> None:
    if any(len(segment.findall(data)) > most for segment, most in _MOST_JPEG_SEGMENTS.items()):
        raise ImageRejected(ImageReason.TOO_COSTLY, "more JPEG segments than a photograph has")
