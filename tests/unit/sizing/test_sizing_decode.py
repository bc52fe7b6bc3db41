from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from wearon_common.images import ImageRejected
from wearon_sizing.decode import decode_picture


def encoded(size: tuple[int, int], kind: str = "JPEG", **options: object) -> bytes:
    red_left = Image.new("RGB", size, "red")
    red_left.paste("blue", (size[0] // 2, 0, *size))
    file = BytesIO()
    red_left.save(file, kind, **options)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(
    ("size", "shape"),
    [
        ((270, 360), (360, 270)),
        ((540, 719), (719, 540)),
        ((540, 720), (360, 270)),
        ((720, 540), (270, 360)),
        ((1200, 1600), (400, 300)),
        ((1, 900), (450, 1)),
    ],
)
def test_a_picture_is_shrunk_by_a_whole_number(
    kind: str, size: tuple[int, int], shape: tuple[int, int]
) -> None:
    assert decode_picture(encoded(size, kind)).shape == (*shape, 3)


@pytest.mark.parametrize("size", [(301, 400), (1201, 1601), (3024, 4032)])
def test_what_is_seen_stays_where_it_was(size: tuple[int, int]) -> None:
    rgb = decode_picture(encoded(size))
    height_px, width_px, _ = rgb.shape
    assert 360 <= height_px < 720
    assert np.allclose(
        rgb[height_px // 2, [width_px // 2 - 8, width_px // 2 + 8]], [(254, 0, 0), (0, 0, 254)], atol=4
    )


def test_a_photo_that_was_held_upright_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter clockwise
    rgb = decode_picture(encoded((1600, 1200), exif=exif))
    assert rgb.shape == (400, 300, 3)
    assert rgb[10, 150, 0] > rgb[10, 150, 2]  # what was on the left is on top


def test_a_truncated_picture_is_rejected() -> None:
    with pytest.raises(ImageRejected):
        decode_picture(encoded((1200, 1600))[:3000])
