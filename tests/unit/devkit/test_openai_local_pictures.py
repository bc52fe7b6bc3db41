"""The bundled pictures."""

import pytest
from PIL import Image, ImageOps

from wearon_devkit.pictures import GARMENTS, PERSONS, Garment, Person

EXIF_ORIENTATION = 0x0112


@pytest.mark.parametrize("item", [*PERSONS, *GARMENTS], ids=lambda item: item.name)
def test_a_picture_is_what_its_type_says(item: Person | Garment) -> None:
    with Image.open(item.path) as picture:
        picture.load()
        assert picture.get_format_mimetype() == item.content_type


@pytest.mark.parametrize("person", PERSONS, ids=lambda person: person.name)
def test_a_person_stands_upright_once_turned_as_the_file_says(person: Person) -> None:
    with Image.open(person.path) as picture:
        assert ImageOps.exif_transpose(picture).size == (540, 720)
    assert 140 < person.height_cm < 200


def test_one_person_is_stored_lying_down() -> None:
    turned = [
        person.name for person in PERSONS if Image.open(person.path).getexif().get(EXIF_ORIENTATION) == 6
    ]
    assert turned == ["malik"]


def test_one_garment_is_cut_out() -> None:
    cut_out = [garment.name for garment in GARMENTS if Image.open(garment.path).has_transparency_data]
    assert cut_out == ["dress"]


def test_the_pictures_are_small_enough_to_bundle() -> None:
    assert sum(item.path.stat().st_size for item in (*PERSONS, *GARMENTS)) < 600_000
