import os
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat

import hostile_images
import pytest
from hostile_images import RED, encoded, photo
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from wearon_common.images import ImageReason, ImageRejected, decode_image, encode_jpeg

KINDS = ["JPEG", "PNG", "WEBP"]
WHITE = (255, 255, 255)


def differs_at_most(pixel: object, expected: tuple[int, int, int], tolerance: int = 6) -> bool:
    assert isinstance(pixel, tuple)
    return all(abs(a - b) <= tolerance for a, b in zip(pixel, expected, strict=True))


def reason_of_rejection(data: bytes) -> ImageReason:
    with pytest.raises(ImageRejected) as rejection:
        decode_image(data, max_side_px=1024)
    return rejection.value.reason


@pytest.mark.parametrize("kind", KINDS)
def test_a_large_picture_is_shrunk_to_its_longest_side(kind: str) -> None:
    picture = decode_image(photo(kind, (3000, 1500)), max_side_px=1024)
    assert (picture.mode, picture.size) == ("RGB", (1024, 512))
    assert differs_at_most(picture.getpixel((500, 250)), RED)


@pytest.mark.parametrize("kind", KINDS)
def test_a_small_picture_is_never_enlarged(kind: str) -> None:
    assert decode_image(photo(kind, (64, 48)), max_side_px=1024).size == (64, 48)


def test_without_a_longest_side_the_size_stays() -> None:
    assert decode_image(photo("JPEG", (2000, 1000)), max_side_px=None).size == (2000, 1000)


def test_a_picture_far_longer_than_wide_keeps_a_pixel_of_width() -> None:
    assert decode_image(photo("PNG", (1, 5000)), max_side_px=100).size == (1, 100)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("orientation", "corner"),
    list(enumerate(["top left", "top right", "bottom right", "bottom left"] * 2, start=1)),
)
def test_the_exif_orientation_is_applied(kind: str, orientation: int, corner: str) -> None:
    image = Image.new("RGB", (2400, 1600), WHITE)
    image.paste(RED, (0, 0, 800, 800))
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture = decode_image(encoded(image, kind, exif=exif), max_side_px=240)

    assert picture.size == ((240, 160) if orientation < 5 else (160, 240))
    row, column = corner.split()
    inside = (10 if column == "left" else picture.width - 10, 10 if row == "top" else picture.height - 10)
    opposite = (picture.width - inside[0], picture.height - inside[1])
    assert differs_at_most(picture.getpixel(inside), RED)
    assert differs_at_most(picture.getpixel(opposite), WHITE)


@pytest.mark.parametrize("orientation", [b"\0\0", b"\0\x09", b"\xff\xff"])
def test_an_impossible_orientation_counts_as_upright(orientation: bytes) -> None:
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01" + orientation + bytes(6)
    image = encoded(Image.new("RGB", (40, 20)), "JPEG", exif=exif)
    assert decode_image(image, max_side_px=None).size == (40, 20)


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_broken_exif_does_not_cost_the_picture() -> None:
    image = encoded(Image.new("RGB", (40, 20)), "JPEG", exif=b"Exif\0\0MM\0*\xff\xff\xff\xff" + bytes(9))
    assert decode_image(image, max_side_px=None).size == (40, 20)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
@pytest.mark.parametrize("size", [(100, 100), (3000, 3000)])
def test_transparency_becomes_white(kind: str, size: tuple[int, int]) -> None:
    data = encoded(Image.new("RGBA", size, (0, 0, 0, 0)), kind)
    assert decode_image(data, max_side_px=100).getpixel((50, 50)) == WHITE


def test_half_transparency_is_mixed_with_white() -> None:
    data = encoded(Image.new("RGBA", (10, 10), (255, 0, 0, 128)), "PNG")
    assert differs_at_most(decode_image(data, None).getpixel((5, 5)), (255, 127, 127), tolerance=2)


@pytest.mark.parametrize(
    ("image", "options", "expected"),
    [
        (Image.new("L", (8, 8), 100), {}, (100, 100, 100)),
        (Image.new("1", (8, 8), 1), {}, WHITE),
        (Image.new("LA", (8, 8), (0, 0)), {}, WHITE),
        (Image.new("P", (8, 8), 0), {"transparency": 0}, WHITE),
        (Image.new("RGBA", (8, 8), (0, 0, 0, 0)).quantize(2), {}, WHITE),
        (Image.new("RGB", (8, 8), RED), {"transparency": RED}, WHITE),
        (Image.new("I;16", (8, 8), 0x8000), {}, (128, 128, 128)),
        (Image.new("I;16", (8, 8), 0x8000), {"transparency": 0x80}, (128, 128, 128)),
    ],
    ids=[
        "grey",
        "bits",
        "grey with alpha",
        "palette",
        "palette with alpha",
        "key colour",
        "16 bits",
        "16 bits and key",
    ],
)
def test_every_png_mode_becomes_rgb(
    image: Image.Image, options: dict[str, object], expected: tuple[int, int, int]
) -> None:
    picture = decode_image(encoded(image, "PNG", **options), None)
    assert picture.mode == "RGB"
    assert differs_at_most(picture.getpixel((4, 4)), expected, tolerance=1)


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        (Image.new("CMYK", (64, 64), (0, 255, 255, 0)), (255, 0, 0)),
        (Image.new("L", (64, 64), 100), (100, 100, 100)),
    ],
    ids=["cmyk", "grey"],
)
def test_every_jpeg_mode_becomes_rgb(image: Image.Image, expected: tuple[int, int, int]) -> None:
    picture = decode_image(encoded(image, "JPEG"), max_side_px=32)
    assert picture.mode == "RGB"
    assert differs_at_most(picture.getpixel((4, 4)), expected)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_of_an_animation_the_first_frame_is_taken(kind: str) -> None:
    frames = [Image.new("RGB", (32, 32), colour) for colour in (RED, (0, 0, 255))]
    data = encoded(frames[0], kind, save_all=True, append_images=frames[1:], lossless=True)
    assert differs_at_most(decode_image(data, None).getpixel((16, 16)), RED)


@pytest.mark.parametrize("kind", KINDS)
def test_metadata_is_dropped(kind: str) -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    options = {"exif": exif, "icc_profile": b"taken at home", "comment": b"taken at home", "dpi": (300, 300)}
    data = encoded(Image.new("RGB", (32, 32)), kind, **options)
    picture = decode_image(data, None)
    assert b"taken at home" in data
    assert (picture.info, dict(picture.getexif())) == ({}, {})
    assert b"taken at home" not in encode_jpeg(picture)


@pytest.mark.parametrize(
    "data",
    [
        hostile_images.png_of_size(50_000, 50_000),
        hostile_images.png_of_size(12_000, 12_000),
        hostile_images.png_of_size(2**31 - 1, 1),
        hostile_images.jpeg_of_size(65_500, 65_500),
        hostile_images.jpeg_of_size(12_000, 12_000),
        hostile_images.webp_of_size(16_383, 16_383),
        hostile_images.webp_of_size(12_000, 12_000),
        hostile_images.webp_of_size(7_000, 7_000),
    ],
    ids=[
        "png",
        "smaller png",
        "png line",
        "jpeg",
        "smaller jpeg",
        "webp",
        "smaller webp",
        "webp on the edge",
    ],
)
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_a_decompression_bomb_is_refused(data: bytes) -> None:
    assert len(data) < 10_000
    assert reason_of_rejection(data) in {ImageReason.TOO_MANY_PIXELS, ImageReason.BROKEN}


def test_a_compressed_comment_is_no_way_to_fill_the_memory() -> None:
    assert reason_of_rejection(hostile_images.png_with_text_bomb()) is ImageReason.BROKEN


@pytest.mark.parametrize(
    "data",
    [hostile_images.jpeg_with_scans(100), hostile_images.jpeg_with_exif_segments(1_000)],
    ids=["scans", "segments"],
)
def test_a_jpeg_made_to_cost_time_is_refused(data: bytes) -> None:
    assert reason_of_rejection(data) is ImageReason.TOO_COSTLY


def test_a_progressive_jpeg_is_taken() -> None:
    assert decode_image(hostile_images.jpeg_with_scans(20), None).size == (640, 480)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a" + bytes(50),
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<html></html>",
        b"BM" + bytes(60),
        b"%PDF-1.7",
        b"II*\0" + bytes(50),
        b"%!PS-Adobe-3.0 EPSF-3.0",
        b"RIFF\0\0\0\0WAVE",
        b"\0\0\0\x20ftypheic",
    ],
)
def test_another_format_is_refused(data: bytes) -> None:
    assert reason_of_rejection(data) is ImageReason.NOT_AN_IMAGE


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_truncated_image_is_refused(kind: str, share: float) -> None:
    noise = Image.frombytes("RGB", (200, 200), os.urandom(120_000))
    data = encoded(noise, kind)
    assert reason_of_rejection(data[: int(len(data) * share)]) is ImageReason.BROKEN


@pytest.mark.parametrize("prefix", [b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\x40\0\0\0WEBPVP8X"])
def test_magic_bytes_alone_make_no_image(prefix: bytes) -> None:
    assert reason_of_rejection(prefix + b"<html>" * 50) is ImageReason.BROKEN


def test_what_begins_as_one_format_is_not_handed_to_the_parser_of_another() -> None:
    data = b"\xff\xd8\xff" + b"%!PS-Adobe-3.0 EPSF-3.0\n" + bytes(100)
    assert reason_of_rejection(data) is ImageReason.BROKEN


@pytest.mark.filterwarnings("ignore::UserWarning")
@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(KINDS),
    st.lists(st.tuples(st.integers(min_value=0), st.binary(min_size=1, max_size=4)), min_size=1, max_size=6),
)
def test_a_damaged_image_is_decoded_or_refused_but_nothing_else(
    kind: str, damage: list[tuple[int, bytes]]
) -> None:
    data = bytearray(photo(kind, orientation=6))
    for place, noise in damage:
        start = place % len(data)
        data[start : start + len(noise)] = noise
    try:
        picture = decode_image(bytes(data), max_side_px=32)
    except ImageRejected:
        return
    assert picture.mode == "RGB"


def test_many_threads_decode_at_once() -> None:
    images = [photo(kind, (400, 300)) for kind in KINDS] * 8
    with ThreadPoolExecutor(8) as threads:
        sizes = {picture.size for picture in threads.map(decode_image, images, repeat(40))}
    assert sizes == {(40, 30)}
