import numpy as np
import pytest
from hostile_images import encoded, photo
from PIL import Image

from wearon_common.images import ImageReason, ImageRejected, as_jpeg, decode_image, encode_jpeg

# Always the same: of one picture in twenty the last byte can go without a pixel missing.
NOISE = Image.frombytes("RGB", (300, 200), np.random.default_rng(0).bytes(180_000))


def test_an_encoded_picture_is_a_jpeg_of_the_same_size() -> None:
    data = encode_jpeg(Image.new("RGB", (30, 20), "red"))
    assert data.startswith(b"\xff\xd8\xff")
    assert decode_image(data, None).size == (30, 20)


@pytest.mark.parametrize("orientation", [1, 6])
def test_what_is_a_jpeg_already_is_left_as_it_is(orientation: int) -> None:
    data = photo("JPEG", orientation=orientation)
    assert as_jpeg(data) == data


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_another_picture_becomes_a_jpeg_of_the_same_size(kind: str) -> None:
    data = as_jpeg(photo(kind, (640, 480)))
    assert data.startswith(b"\xff\xd8\xff")
    assert decode_image(data, None).size == (640, 480)


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"subsampling": 0}], ids=str)
@pytest.mark.parametrize("missing_bytes", [1, 2, 3, 10, 100, 1_000, 10_000, 30_000])
def test_a_jpeg_that_breaks_off_anywhere_is_refused(missing_bytes: int, options: dict[str, object]) -> None:
    data = encoded(NOISE, "JPEG", quality=90, **options)
    with pytest.raises(ImageRejected) as rejection:
        as_jpeg(data[:-missing_bytes])
    assert rejection.value.reason is ImageReason.BROKEN


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_another_picture_that_breaks_off_is_refused(kind: str, share: float) -> None:
    data = encoded(NOISE, kind)
    with pytest.raises(ImageRejected):
        as_jpeg(data[: int(len(data) * share)])


@pytest.mark.parametrize(
    "data", [b"", b"<html></html>", b"\xff\xd8\xff" + b"<html>" * 50, b"GIF89a" + bytes(50)]
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(ImageRejected):
        as_jpeg(data)
