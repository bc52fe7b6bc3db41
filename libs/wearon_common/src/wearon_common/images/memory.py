"""How much memory the pictures take that are being decoded in this process."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition

from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.WebPImagePlugin import WebPImageFile

MOST_BYTES = 192 * 1024 * 1024

# Bytes a pixel, measured with Pillow 13 and rounded up: without transparency, and with it.
_PNG, _WEBP = (8, 12), (16, 20)
# A JPEG of several scans keeps all its coefficients, however small it is to become.
_JPEG_COEFFICIENT = 2.2


def decoding_bytes(image: ImageFile) -> int:
    """Return what decoding and shrinking an opened JPEG, PNG or WebP takes at most."""
    pixels = image.width * image.height
    if isinstance(image, JpegImageFile):
        _, across, down, _ = zip(*image.layer, strict=True)
        samples = sum(x * y for x, y in zip(across, down, strict=True)) / (max(across) * max(down))
        return int(pixels * samples * _JPEG_COEFFICIENT)
    opaque, transparent = _WEBP if isinstance(image, WebPImageFile) else _PNG
    return pixels * (transparent if image.has_transparency_data else opaque)


class Memory:
    """A number of bytes that threads share: who needs more than is left waits for the others."""

    def __init__(self, most_bytes: int) -> None:
        self._free_bytes = most_bytes
        self._changed = Condition()

    @contextmanager
    def taken(self, needed_bytes: int) -> Iterator[None]:
        """Hold so many bytes; they must not be more than there are in all."""
        self._change_by(-needed_bytes)
        try:
            yield
        finally:
            self._change_by(needed_bytes)

    def _change_by(self, more_bytes: int) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._free_bytes + more_bytes >= 0)
            self._free_bytes += more_bytes
            self._changed.notify_all()


memory = Memory(MOST_BYTES)
"""That of this process: a bound for each thread alone would grow with the cores."""
