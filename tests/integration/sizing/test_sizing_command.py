import csv
import json
import subprocess
from pathlib import Path

import pytest
from PIL import Image
from sizing_pictures import jpeg, pot

from wearon_devkit.checkout import POSE_MODEL
from wearon_devkit.pictures import PERSONS
from wearon_devkit.services import INSTALLED_SCRIPTS

MEI = PERSONS[1]


def wearon_size(*options: object) -> "subprocess.CompletedProcess[str]":
    command = [str(INSTALLED_SCRIPTS / "wearon-size"), *map(str, options), "--model", str(POSE_MODEL)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)  # noqa: S603 - our own


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    (tmp_path / "mei.jpg").write_bytes(MEI.path.read_bytes())
    (tmp_path / "pot.jpg").write_bytes(jpeg(pot()))
    return tmp_path


def test_a_photo_gets_a_table_and_an_annotated_picture(photos: Path) -> None:
    done = wearon_size(photos / "mei.jpg", "--height", MEI.height_cm)
    assert done.returncode == 0, done.stderr
    assert "chest" in done.stdout
    assert "162.2 cm" in done.stdout
    with Image.open(photos / "mei-size.jpg") as annotated, Image.open(MEI.path) as photo:
        assert annotated.size == photo.size


def test_scripts_get_the_answer_of_the_service_as_json(photos: Path) -> None:
    done = wearon_size(photos / "mei.jpg", "--height", MEI.height_cm, "--json", "--weight", 50)
    answer = json.loads(done.stdout)
    assert answer["measurements"]["height_cm"] == MEI.height_cm
    assert set(answer) >= {"recommended_size", "confidence", "size_range", "body_type"}


def test_a_photo_without_a_person_is_told_with_advice(photos: Path) -> None:
    done = wearon_size(photos / "pot.jpg", "--height", 170, "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["reason"] == "no_person"


def test_a_folder_becomes_a_sheet_with_one_row_a_photo(photos: Path) -> None:
    done = wearon_size(photos, "--height", MEI.height_cm)
    assert done.returncode == 0, done.stderr
    with (photos / "sizes.csv").open(newline="") as file:
        rows = {row["photo"]: row for row in csv.DictReader(file)}
    assert set(rows) == {"mei.jpg", "pot.jpg"}
    assert float(rows["mei.jpg"]["chest_cm"]) > 60
    assert rows["pot.jpg"]["reason"] == "no_person"
    assert "1 measured, 1 not" in done.stderr


def test_a_folder_without_photos_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    done = wearon_size(tmp_path, "--height", MEI.height_cm)
    assert done.returncode == 2
    assert "no JPEG, PNG or WebP" in done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("options", [("--height", 99), ("--height", 170, "--chart", "none"), ()])
def test_options_out_of_range_are_refused(photos: Path, options: tuple[object, ...]) -> None:
    assert wearon_size(photos / "mei.jpg", *options).returncode == 2


def test_what_cannot_be_read_is_told_and_the_rest_is_measured(photos: Path) -> None:
    (photos / "gone.jpg").symlink_to(photos / "nowhere.jpg")
    (photos / "folder.jpg").mkdir()
    done = wearon_size(photos, "--height", MEI.height_cm)
    assert done.returncode == 0, done.stderr
    with (photos / "sizes.csv").open(newline="") as file:
        rows = {row["photo"]: row for row in csv.DictReader(file)}
    assert set(rows) == {"gone.jpg", "mei.jpg", "pot.jpg"}
    assert rows["gone.jpg"]["reason"] == "unreadable"


def test_a_folder_is_measured_without_what_was_drawn_of_it(photos: Path) -> None:
    wearon_size(photos / "mei.jpg", "--height", MEI.height_cm)
    assert (photos / "mei-size.jpg").exists()
    wearon_size(photos, "--height", MEI.height_cm)
    assert "mei-size.jpg" not in (photos / "sizes.csv").read_text()


@pytest.mark.parametrize("output", ["nowhere/out.jpg", "mei.jpg"])
def test_an_output_that_cannot_be_is_refused_in_a_sentence(photos: Path, output: str) -> None:
    before = (photos / "mei.jpg").read_bytes()
    done = wearon_size(photos / "mei.jpg", "--height", MEI.height_cm, "--output", photos / output)
    assert done.returncode == 2
    assert "--output" in done.stderr
    assert "Traceback" not in done.stderr
    assert (photos / "mei.jpg").read_bytes() == before


def test_json_alone_draws_nothing(photos: Path) -> None:
    wearon_size(photos / "mei.jpg", "--height", MEI.height_cm, "--json")
    assert not (photos / "mei-size.jpg").exists()
