import re
import struct
import zlib
from io import BytesIO

from PIL import ExifTags, Image, ImageFile, ImageOps
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from wearon_common.images.errors import ImageReason, ImageRejected
from wearon_common.images.kind import ImageKind, kind_of

# The largest photographs that phones make in 10 MiB (8160 x 6120).
MAX_PIXELS = 50_000_000

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
_DECODER_FAILURES = (
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
    kind = kind_of(data)
    if kind is None:
        raise ImageRejected(ImageReason.NOT_AN_IMAGE, "not JPEG, PNG or WebP")
    if kind is ImageKind.JPEG:
        _refuse_costly_jpeg(data)
    try:
        with Image.open(BytesIO(data), formats=[_FORMATS[kind]]) as image:
            _refuse_bomb(image, max_pixels if kind is ImageKind.JPEG else max_pixels // 2)
            return _render(image, max_side_px)
    except _DECODER_FAILURES as error:
        raise ImageRejected(ImageReason.BROKEN, f"{kind} decoder: {type(error).__name__}") from None


def _refuse_costly_jpeg(data: bytes) -> None:
    if any(len(segment.findall(data)) > most for segment, most in _MOST_JPEG_SEGMENTS.items()):
        raise ImageRejected(ImageReason.TOO_COSTLY, "more JPEG segments than a photograph has")


def _refuse_bomb(image: Image.Image, max_pixels: int) -> None:
    if image.width * image.height > max_pixels:
        raise ImageRejected(ImageReason.TOO_MANY_PIXELS, f"{image.width} x {image.height} pixels")


def _render(image: ImageFile.ImageFile, max_side_px: int | None) -> Image.Image:
    size = _fitted(image.size, max_side_px)
    # JPEG decodes at 1/2, 1/4 or 1/8 at a fraction of the cost; twice the size leaves LANCZOS its work.
    image.draft(None, (2 * size[0], 2 * size[1]))
    image.load()
    orientation = _orientation(image)
    picture = _in_8_bits(image).resize(size, Image.Resampling.LANCZOS)
    return _upright(_on_white(picture), orientation)


def _fitted(size: tuple[int, int], max_side_px: int | None) -> tuple[int, int]:
    longest = max(size)
    if max_side_px is None or longest <= max_side_px:
        return size
    width, height = (max(1, round(side * max_side_px / longest)) for side in size)
    return width, height


def _orientation(image: Image.Image) -> int:
    """Read the EXIF orientation (1 to 8); 1, upright, where there is none that can be read."""
    try:
        orientation = image.getexif().get(ExifTags.Base.Orientation)
    except _DECODER_FAILURES:
        return 1
    return orientation if isinstance(orientation, int) and orientation in range(1, 9) else 1


def _in_8_bits(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):
        # Pillow clips 16-bit grey instead of scaling it, and compares its transparent grey in 8 bits.
        image.info.pop("transparency", None)
        return image.point(lambda grey: grey / 256).convert("RGB")
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _on_white(picture: Image.Image) -> Image.Image:
    """Draw on a fresh canvas, which also leaves all metadata behind."""
    canvas = Image.new("RGB", picture.size, "white")
    canvas.paste(picture, mask=picture if picture.mode == "RGBA" else None)
    return canvas


def _upright(picture: Image.Image, orientation: int) -> Image.Image:
    picture.getexif()[ExifTags.Base.Orientation] = orientation
    return ImageOps.exif_transpose(picture)
