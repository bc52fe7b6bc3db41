"""Images that no camera makes, and a few that one does."""

import struct
import zlib
from io import BytesIO

from PIL import ExifTags, Image

RED = (200, 30, 30)


def photo(kind: str = "JPEG", size: tuple[int, int] = (64, 48), *, orientation: int = 1) -> bytes:
    """Return a plain red picture with an EXIF orientation."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    return encoded(Image.new("RGB", size, RED), kind, exif=exif, quality=95)


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    """Return the image's file."""
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def png_of_size(width_px: int, height_px: int) -> bytes:
    """Return a valid PNG start that announces a size; its picture data are those of a few white rows."""
    header = struct.pack(">IIBBBBB", width_px, height_px, 1, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * 100_000, 9)
    chunks = _png_chunk(b"IHDR", header) + _png_chunk(b"IDAT", rows) + _png_chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def png_with_text_bomb() -> bytes:
    """Return a small PNG whose compressed comment unfolds to 50 MB."""
    picture = photo("PNG")
    comment = b"Comment\0\0" + zlib.compress(b"A" * 50_000_000, 9)
    return picture[:33] + _png_chunk(b"zTXt", comment) + picture[33:]


def jpeg_of_size(width_px: int, height_px: int) -> bytes:
    """Return a small JPEG whose frame header announces another size."""
    picture = bytearray(photo("JPEG"))
    frame = picture.index(b"\xff\xc0")
    picture[frame + 5 : frame + 9] = struct.pack(">HH", height_px, width_px)
    return bytes(picture)


def webp_of_size(width_px: int, height_px: int) -> bytes:
    """Return an animated WebP of one pixel on a canvas of the given size: 102 bytes."""
    pixel = encoded(Image.new("RGBA", (1, 1)), "WEBP", lossless=True)[12:]
    frame = bytes(12) + _u24(100) + b"\0" + pixel
    canvas = bytes([0b10010, 0, 0, 0]) + _u24(width_px - 1) + _u24(height_px - 1)
    chunks = _riff_chunk(b"VP8X", canvas) + _riff_chunk(b"ANIM", bytes(6)) + _riff_chunk(b"ANMF", frame)
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WEBP" + chunks


def jpeg_with_scans(count: int) -> bytes:
    """Return a progressive JPEG whose last scan is repeated until it has `count` scans more."""
    picture = encoded(Image.new("RGB", (640, 480), RED), "JPEG", progressive=True)
    last_scan = picture[picture.rindex(b"\xff\xda") : -2]
    return picture[:-2] + last_scan * count + picture[-2:]


def jpeg_with_exif_segments(count: int) -> bytes:
    """Return a JPEG with many small EXIF segments."""
    picture = photo("JPEG")
    return picture[:2] + b"\xff\xe1\x00\x12Exif\0\0aaaaaaaaaa" * count + picture[2:]


def _png_chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def _riff_chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)


def _u24(number: int) -> bytes:
    return number.to_bytes(3, "little")
