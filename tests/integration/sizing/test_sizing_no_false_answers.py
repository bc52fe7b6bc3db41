import asyncio
from collections.abc import Iterator
from contextlib import nullcontext
from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
import pytest
from integration.sizing.sizing_estimators import open_estimator
from PIL import Image, ImageOps
from sizing_pictures import jpeg, pot

from wearon_devkit.pictures import PERSONS
from wearon_sizing.estimator import Estimate, Estimator
from wearon_sizing.measurement import NoFullBody, Person, Refusal
from wearon_sizing.sizes import DEFAULT_CHART, load_charts

PICTURES = Path(__file__).parents[2] / "pictures"
PORTRAITS = {"astronaut", "cameraman"}
THINGS = sorted({path.stem for path in PICTURES.glob("*.jpg")} - PORTRAITS)
CHART = load_charts()[DEFAULT_CHART]


@pytest.fixture(scope="module")
def estimator() -> Iterator[Estimator]:
    with open_estimator() as estimator:
        yield estimator


def estimate(estimator: Estimator, picture: Image.Image) -> Estimate:
    return asyncio.run(estimator.estimate(nullcontext(jpeg(picture)), Person(170), CHART))


def refusal_of(estimator: Estimator, picture: Image.Image) -> Refusal:
    with pytest.raises(NoFullBody) as refusal:
        estimate(estimator, picture)
    return refusal.value.reason


def photo(name: str) -> Image.Image:
    return Image.open(PICTURES / f"{name}.jpg").convert("RGB")


def person(number: int = 0) -> Image.Image:
    return ImageOps.exif_transpose(Image.open(PERSONS[number].path)).convert("RGB")


@pytest.mark.parametrize("name", THINGS)
def test_no_thing_animal_or_place_is_measured(estimator: Estimator, name: str) -> None:
    upside_down = photo(name).rotate(180)
    assert refusal_of(estimator, photo(name)) is Refusal.NO_PERSON
    assert refusal_of(estimator, upside_down) is not None


def test_no_drawn_pot_is_measured(estimator: Estimator) -> None:
    assert refusal_of(estimator, pot()) is Refusal.NO_PERSON


@pytest.mark.parametrize("name", sorted(PORTRAITS))
def test_no_portrait_is_measured(estimator: Estimator, name: str) -> None:
    assert refusal_of(estimator, photo(name)) is Refusal.FEET_OUTSIDE
    assert refusal_of(estimator, photo(name).rotate(180)) is Refusal.UPSIDE_DOWN


@pytest.mark.parametrize("overlap_px", [0, 100, 200])
@pytest.mark.parametrize("share", [1.0, 0.8])
def test_two_people_of_about_one_size_are_refused(
    estimator: Estimator, overlap_px: int, share: float
) -> None:
    left, right = person(0), person(1)
    right = right.resize((round(right.width * share), round(right.height * share)))
    pair = Image.new("RGB", (left.width + right.width - overlap_px, left.height), left.getpixel((2, 2)))
    pair.paste(left)
    pair.paste(
        right.crop((overlap_px // 2, 0, right.width, right.height)),
        (left.width - overlap_px // 2, left.height - right.height),
    )
    assert refusal_of(estimator, pair) is Refusal.SEVERAL_PEOPLE


def test_someone_small_in_the_background_does_not_matter(estimator: Estimator) -> None:
    picture, other = person(0), person(1)
    small = other.resize((other.width * 3 // 10, other.height * 3 // 10))
    wider = Image.new("RGB", (picture.width + small.width, picture.height), picture.getpixel((2, 2)))
    wider.paste(picture)
    wider.paste(small, (picture.width, 300))
    assert estimate(estimator, wider).body.height_cm == 170


def smeared(picture: Image.Image, across_px: int, down_px: int) -> Image.Image:
    """Return the picture as of a camera that moved."""
    return Image.fromarray(np.asarray(cv2.blur(np.asarray(picture), (across_px, down_px)), np.uint8))


def softened(picture: Image.Image, sigma_px: float) -> Image.Image:
    soft = cv2.GaussianBlur(np.asarray(picture), (0, 0), sigma_px)
    return Image.fromarray(np.asarray(soft, np.uint8))


def grainy(picture: Image.Image) -> Image.Image:
    noise = np.random.default_rng(7).normal(0, 8, (picture.height, picture.width, 3))
    return Image.fromarray((np.asarray(picture) + noise).clip(0, 255).astype(np.uint8))


BLURS = {
    "out of focus": lambda picture: softened(picture, 6),
    "out of focus and grainy": lambda picture: grainy(softened(picture, 6)),
    "moved sideways": lambda picture: smeared(picture, 25, 1),
    "moved up": lambda picture: smeared(picture, 1, 31),
}


@pytest.mark.parametrize("blur", BLURS)
@pytest.mark.parametrize("number", range(len(PERSONS)))
def test_every_kind_of_blur_is_refused(estimator: Estimator, blur: str, number: int) -> None:
    assert refusal_of(estimator, BLURS[blur](person(number))) is Refusal.BLURRED


@pytest.mark.parametrize("number", range(len(PERSONS)))
def test_nobody_is_measured_far_out_of_focus(estimator: Estimator, number: int) -> None:
    assert refusal_of(estimator, softened(person(number), 10)) is not None


@pytest.mark.parametrize("number", range(len(PERSONS)))
def test_grain_strong_compression_or_dim_light_are_no_blur(estimator: Estimator, number: int) -> None:
    compressed = BytesIO()
    person(number).save(compressed, "JPEG", quality=25)
    for picture in (
        grainy(person(number)),
        Image.open(compressed),
        person(number).point(lambda value: value // 2),
    ):
        assert estimate(estimator, picture).body.chest_cm > 0
