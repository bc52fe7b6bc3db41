"""Photos as phones make them: large, detailed, noisy, and lying on their side."""

from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image

from wearon_devkit.pictures import PERSONS

Pixels = NDArray[np.float32]

TWELVE_MEGAPIXELS = (3024, 4032)
_TURNED_BY_90_DEGREES = 6
# Natural scenes have about the same contrast at every scale; the strongest is left to the picture itself.
_TEXTURE = {2: 2.0, 4: 3.0, 8: 4.0, 16: 6.0, 64: 10.0}
_SENSOR_NOISE = 3.0


def phone_photo(
    size: tuple[int, int] = TWELVE_MEGAPIXELS,
    *,
    seed: int = 0,
    scene: Path = PERSONS[0].path,
    orientation: int = _TURNED_BY_90_DEGREES,
) -> bytes:
    """Return a JPEG of the scene in portrait: enlarged, with texture and sensor noise; 2 MB of 12 megapixels.

    Stored with an EXIF orientation of 6 as phones do, its rows run down the upright picture; with 1, they
    run across it. The same seed gives the same photograph.
    """
    picture = detailed(Image.open(scene).convert("RGB").resize(size, Image.Resampling.BICUBIC), seed)
    if orientation == _TURNED_BY_90_DEGREES:
        picture = picture.transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    file = BytesIO()
    picture.save(file, "JPEG", quality=92, exif=exif)
    return file.getvalue()


def retaken(scene: Path) -> bytes:
    """Give a picture as a phone would take it today."""
    return phone_photo(scene=scene)


def detailed(picture: Image.Image, seed: int = 0) -> Image.Image:
    """Give a picture texture at every scale, and a sensor's noise."""
    random = np.random.default_rng(seed)
    pixels = np.asarray(picture, np.float32)
    pixels = pixels + random.normal(0, _SENSOR_NOISE, pixels.shape).astype(np.float32)
    for grain_px, contrast in _TEXTURE.items():
        pixels = pixels + _texture(random, picture.size, grain_px, contrast)[..., None]
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


def _texture(random: np.random.Generator, size: tuple[int, int], grain_px: int, contrast: float) -> Pixels:
    grains = random.normal(0, contrast, (-(-size[1] // grain_px), -(-size[0] // grain_px)))
    enlarged = Image.fromarray(grains.astype(np.float32)).resize(size, Image.Resampling.BICUBIC)
    return np.asarray(enlarged, np.float32)
