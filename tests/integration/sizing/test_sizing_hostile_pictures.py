import zlib
from collections.abc import Callable, Iterator
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from sizing_service import SizingService, running_sizing

from wearon_devkit.pictures import PERSONS

AMARA = PERSONS[0]
PERSON = Image.open(AMARA.path).convert("RGB")


@pytest.fixture(scope="module")
def sizing(valkey: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SizingService]:
    with running_sizing(tmp_path_factory.mktemp("sizing"), REDIS_URL=valkey) as service:
        yield service


def encode(picture: Image.Image, kind: str, **options: object) -> bytes:
    file = BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def lying_with_exif() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter clockwise
    return encode(PERSON.rotate(90, expand=True), "JPEG", exif=exif)


def sixteen_bits() -> bytes:
    grey = np.asarray(PERSON.convert("L")).astype(np.uint16) * 257
    return encode(Image.fromarray(grey), "PNG")


def animated() -> bytes:
    return encode(PERSON, "WEBP", save_all=True, append_images=[Image.new("RGB", PERSON.size)], duration=50)


def transparent() -> bytes:
    cut_out = PERSON.copy()
    cut_out.putalpha(255)
    return encode(cut_out, "PNG")


def bomb() -> bytes:
    header = encode(Image.new("1", (8, 8)), "PNG")
    size = (9_000).to_bytes(4, "big") * 2
    chunk = b"IHDR" + size + header[24:29]
    return header[:8] + b"\x00\x00\x00\x0d" + chunk + zlib.crc32(chunk).to_bytes(4, "big") + header[33:]


ANSWERED: dict[str, Callable[[], bytes]] = {
    "CMYK": lambda: encode(PERSON.convert("CMYK"), "JPEG"),
    "grey": lambda: encode(PERSON.convert("L"), "JPEG"),
    "16 bits": sixteen_bits,
    "palette": lambda: encode(PERSON.convert("P", palette=Image.Palette.ADAPTIVE), "PNG"),
    "animated": animated,
    "transparent": transparent,
    "turned by EXIF": lying_with_exif,
    "progressive": lambda: encode(PERSON, "JPEG", progressive=True),
    "50 megapixels": lambda: encode(PERSON.resize((6120, 8160)), "JPEG", quality=30),
}
REFUSED: dict[str, tuple[Callable[[], bytes], int, str | None]] = {
    "1 x 1": (lambda: encode(Image.new("RGB", (1, 1)), "PNG"), 422, "no_person"),
    "1 x 3000": (lambda: encode(Image.new("RGB", (1, 3000)), "PNG"), 422, "no_person"),
    "bomb": (bomb, 400, "too_many_pixels"),
    "truncated": (lambda: AMARA.path.read_bytes()[:9000], 400, "broken"),
    "empty": (lambda: b"", 400, "not_an_image"),
    "GIF": (lambda: encode(PERSON, "GIF"), 400, "not_an_image"),
    "SVG": (lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>", 400, "not_an_image"),
    "dark": (lambda: encode(PERSON.point(lambda value: value // 10), "PNG"), 422, None),
    "thumbnail": (lambda: encode(PERSON.resize((90, 120)), "PNG"), 422, None),
    "out of focus": (
        lambda: encode(PERSON.resize((40, 53)).resize(PERSON.size, Image.Resampling.BICUBIC), "JPEG"),
        422,
        "blurred",
    ),
}


@pytest.mark.parametrize("kind", ANSWERED)
def test_every_kind_of_picture_of_a_person_is_measured_alike(sizing: SizingService, kind: str) -> None:
    answer = sizing.upload(ANSWERED[kind](), height_cm=AMARA.height_cm)
    usual = sizing.upload(AMARA.path.read_bytes(), height_cm=AMARA.height_cm)
    assert answer.status_code == 200, answer.text
    assert answer.json()["measurements"]["chest_cm"] == pytest.approx(
        usual.json()["measurements"]["chest_cm"], rel=0.08
    )


@pytest.mark.parametrize("kind", REFUSED)
def test_what_cannot_be_measured_is_refused_with_its_reason(sizing: SizingService, kind: str) -> None:
    make, status, reason = REFUSED[kind]
    answer = sizing.upload(make(), height_cm=AMARA.height_cm)
    assert answer.status_code == status, answer.text
    assert reason is None or answer.json()["reason"] == reason


def test_damaged_files_never_break_the_service(sizing: SizingService) -> None:
    whole, random = bytearray(AMARA.path.read_bytes()), np.random.default_rng(7)
    for _ in range(40):
        damaged = bytearray(whole)
        for place in random.integers(0, len(whole), 30):
            damaged[place] = int(random.integers(0, 256))
        assert sizing.upload(bytes(damaged), height_cm=170).status_code in {200, 400, 422}
