"""Shrinking cheaply gives what the straightforward way gives: decode all, turn upright, LANCZOS, encode."""

from io import BytesIO

import pytest
from hostile_images import encoded
from load.images.photos import detailed, phone_photo
from load.images.similarity import similarity
from PIL import ExifTags, Image, ImageOps

from wearon_common.images import shrink_to_jpeg
from wearon_devkit.pictures import GARMENTS, PERSONS, Garment, Person

ALIKE = 0.98
SCENE = detailed(Image.open(PERSONS[1].path).convert("RGB").resize((600, 800)))


def shrunk(data: bytes, max_side_px: int) -> Image.Image:
    picture = Image.open(BytesIO(shrink_to_jpeg(data, max_side_px)))
    assert (picture.format, picture.mode) == ("JPEG", "RGB")
    return picture


def shrunk_straightforwardly(data: bytes, max_side_px: int) -> Image.Image:
    """Take the slow way, and the same way through JPEG."""
    picture = ImageOps.exif_transpose(Image.open(BytesIO(data)))
    picture = in_rgb(picture)
    if max(picture.size) > max_side_px:
        scale = max_side_px / max(picture.size)
        size = (round(picture.width * scale), round(picture.height * scale))
        picture = picture.resize(size, Image.Resampling.LANCZOS)
    return Image.open(BytesIO(encoded(picture, "JPEG", quality=90)))


def in_rgb(picture: Image.Image) -> Image.Image:
    if picture.mode == "I;16":
        return picture.point(lambda grey: grey / 256).convert("RGB")
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    canvas = Image.new("RGBA", picture.size, "white")
    canvas.alpha_composite(picture.convert("RGBA"))
    return canvas.convert("RGB")


def similarity_to_the_straightforward_way(data: bytes, max_side_px: int) -> float:
    return similarity(shrunk(data, max_side_px), shrunk_straightforwardly(data, max_side_px))


def see_through(picture: Image.Image) -> Image.Image:
    """Give a picture that fades out towards its right side."""
    picture = picture.convert("RGBA")
    picture.putalpha(Image.linear_gradient("L").rotate(90).resize(picture.size))
    return picture


def in_16_bits(picture: Image.Image) -> Image.Image:
    return picture.convert("L").convert("I").point(lambda grey: grey * 256).convert("I;16")


def with_a_see_through_colour(picture: Image.Image) -> bytes:
    return encoded(picture.quantize(32), "PNG", transparency=3)


def with_orientation(picture: Image.Image, kind: str, orientation: int) -> bytes:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    return encoded(picture, kind, exif=exif, quality=92)


def without_adobe_segment(jpeg: bytes) -> bytes:
    start = jpeg.index(b"\xff\xee\x00\x0eAdobe")
    return jpeg[:start] + jpeg[start + 16 :]


def with_numbered_components(jpeg: bytes) -> bytes:
    """Name the components 1, 2 and 3, as those of YCbCr usually are, in place of R, G and B."""
    frame, scan = jpeg.index(b"\xff\xc0") + 10, jpeg.index(b"\xff\xda") + 5
    renamed = bytearray(jpeg)
    for number in range(3):
        renamed[frame + 3 * number] = renamed[scan + 2 * number] = number + 1
    return bytes(renamed)


RGB_JPEG = encoded(SCENE, "JPEG", quality=92, keep_rgb=True)
FILES = {
    "jpeg": encoded(SCENE, "JPEG", quality=92),
    "jpeg with all its colours": encoded(SCENE, "JPEG", quality=92, subsampling=0),
    "jpeg with colours halved across": encoded(SCENE, "JPEG", quality=92, subsampling=1),
    "progressive jpeg": encoded(SCENE, "JPEG", quality=92, progressive=True),
    "grey jpeg": encoded(SCENE.convert("L"), "JPEG", quality=92),
    "cmyk jpeg": encoded(SCENE.convert("CMYK"), "JPEG", quality=92),
    "jpeg that holds rgb": RGB_JPEG,
    "jpeg that holds rgb by its names": without_adobe_segment(RGB_JPEG),
    "jpeg that holds rgb by adobe's word": with_numbered_components(RGB_JPEG),
    "png": encoded(SCENE, "PNG"),
    "png with alpha": encoded(see_through(SCENE), "PNG"),
    "grey png with alpha": encoded(see_through(SCENE).convert("LA"), "PNG"),
    "png with a palette": encoded(SCENE.quantize(64), "PNG"),
    "png with a palette and a see-through colour": with_a_see_through_colour(SCENE),
    "png of 16 bits": encoded(in_16_bits(SCENE), "PNG"),
    "bitmap png": encoded(SCENE.convert("1"), "PNG"),
    "webp": encoded(SCENE, "WEBP", quality=90),
    "webp with alpha": encoded(see_through(SCENE), "WEBP", quality=90),
    "lossless webp": encoded(SCENE, "WEBP", lossless=True, quality=0),
}


@pytest.mark.parametrize("max_side_px", [1024, 800, 700, 390, 195, 90])
@pytest.mark.parametrize("name", FILES)
def test_every_kind_of_picture_looks_as_if_it_had_been_shrunk_straightforwardly(
    name: str, max_side_px: int
) -> None:
    assert similarity_to_the_straightforward_way(FILES[name], max_side_px) >= ALIKE


@pytest.mark.parametrize("max_side_px", [800, 200])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_is_turned_upright(kind: str, orientation: int, max_side_px: int) -> None:
    data = with_orientation(SCENE, kind, orientation)
    assert similarity_to_the_straightforward_way(data, max_side_px) >= ALIKE


@pytest.mark.parametrize("person", PERSONS, ids=lambda person: person.name)
def test_pictures_of_people_look_the_same(person: Person) -> None:
    data = person.path.read_bytes()
    assert similarity_to_the_straightforward_way(data, 300) >= ALIKE


@pytest.mark.parametrize("garment", GARMENTS, ids=lambda garment: garment.name)
def test_pictures_of_garments_look_the_same(garment: Garment) -> None:
    data = garment.path.read_bytes()
    assert similarity_to_the_straightforward_way(data, 400) >= ALIKE


def test_a_photograph_of_12_megapixels_looks_the_same() -> None:
    assert similarity_to_the_straightforward_way(phone_photo(), 1024) >= ALIKE


@pytest.mark.parametrize("size", [(1, 1), (1, 3000), (3000, 1), (7, 5), (1023, 1025)])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_of_any_shape_fits(kind: str, size: tuple[int, int]) -> None:
    data = encoded(Image.new("RGB", size, "teal"), kind)
    assert shrunk(data, 1024).size == shrunk_straightforwardly_size(size)


def shrunk_straightforwardly_size(size: tuple[int, int]) -> tuple[int, int]:
    scale = min(1, 1024 / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))
