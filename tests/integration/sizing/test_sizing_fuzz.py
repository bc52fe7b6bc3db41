import subprocess
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest
import schemathesis
from integration.sizing.sizing_mutations import KINDS, MUTATIONS, Mutate, picture_file
from PIL import Image
from sizing_pictures import jpeg, pot
from sizing_service import SizingService, running_sizing

from wearon_devkit.pictures import PERSONS
from wearon_devkit.services import INSTALLED_SCRIPTS

AMARA = PERSONS[0]
PICTURE = AMARA.path.read_bytes()
MUTANTS = 15
FUZZING = (
    *("--phases", "coverage,fuzzing", "--max-examples", "100", "--seed", "7"),
    *("--generation-database", "none", "--continue-on-failure", "--no-color"),
    # What fits the schema may still be refused: most text is no URL of a picture.
    *("--exclude-checks", "positive_data_acceptance"),
)


@pytest.fixture(scope="module")
def sizing(valkey: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SizingService]:
    # What the fuzzer makes up for a URL must not keep us waiting.
    settings = {"REDIS_URL": valkey, "IMAGE_FETCH_TIMEOUT_SECONDS": "0.3"}
    with running_sizing(tmp_path_factory.mktemp("sizing"), **settings) as service:
        yield service


@pytest.fixture(scope="module")
def api(sizing: SizingService) -> schemathesis.BaseSchema:
    return schemathesis.openapi.from_url(f"{sizing.client.base_url}/openapi.json")


def test_whatever_is_asked_the_answer_is_one_that_the_api_declares(
    sizing: SizingService, tmp_path: Path
) -> None:
    url = f"{sizing.client.base_url}/openapi.json"
    fuzzed = subprocess.run(  # noqa: S603 - no part of the command is anybody else's
        [INSTALLED_SCRIPTS / "schemathesis", "run", url, *FUZZING],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert fuzzed.returncode == 0, fuzzed.stdout
    assert not any(event["event"] == "request_failed" for event in sizing.events())


REQUESTS: dict[str, tuple[int, dict[str, Any]]] = {
    "measured": (200, {"files": {"image": PICTURE}, "data": {"height_cm": "170"}}),
    "no picture": (400, {"files": {"image": b"text"}, "data": {"height_cm": "170"}}),
    "too large": (413, {"files": {"image": bytes(11 * 1024 * 1024)}, "data": {"height_cm": "170"}}),
    "no person": (422, {"files": {"image": jpeg(pot())}, "data": {"height_cm": "170"}}),
    "no height": (422, {"files": {"image": PICTURE}}),
}


@pytest.mark.parametrize("name", REQUESTS)
def test_each_kind_of_answer_to_an_upload_is_declared(
    sizing: SizingService, api: schemathesis.BaseSchema, name: str
) -> None:
    status, request = REQUESTS[name]
    answer = sizing.client.post("/estimate-body/upload", **request)
    assert answer.status_code == status
    answer.request.read()  # httpx streams a form, and forgets it
    api["/estimate-body/upload"]["POST"].validate_response(answer)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("mutate", MUTATIONS, ids=lambda mutate: mutate.__name__)
def test_a_mutated_picture_is_measured_or_refused_and_the_next_one_is_measured(
    sizing: SizingService, kind: str, mutate: Mutate
) -> None:
    whole = picture_file(Image.open(AMARA.path).convert("RGB"), kind)
    random = Random(f"{kind} {mutate.__name__}")  # noqa: S311 - decides what is tested, guards nothing
    answers = [sizing.upload(mutate(whole, random), height_cm=AMARA.height_cm) for _ in range(MUTANTS)]
    assert {answer.status_code for answer in answers} <= {200, 400, 422}
    assert sizing.upload(whole, height_cm=AMARA.height_cm).status_code == 200
    sizing.child.require_running()


@pytest.mark.parametrize("charset", ["undefined", "punycode", "unicode_escape", "utf-16", "rot13", "no such"])
def test_no_charset_of_a_form_breaks_the_service(sizing: SizingService, charset: str) -> None:
    form = 'form-data; name="height_cm"\r\n\r\n\\ud800', 'form-data; name="image"; filename="a"\r\n\r\nb'
    body = "".join(f"--x\r\nContent-Disposition: {part}\r\n" for part in form) + "--x--\r\n"
    answer = send_form(sizing, body.encode(), f"multipart/form-data; boundary=x; charset={charset}")
    assert answer.status_code == 422


@pytest.mark.parametrize("body", [b"a=&" * 100_000, b"height_cm=170&image=x"], ids=["many fields", "few"])
def test_a_form_of_another_kind_is_refused(sizing: SizingService, body: bytes) -> None:
    answer = send_form(sizing, body, "application/x-www-form-urlencoded")
    assert (answer.status_code, answer.json()["detail"][0]["type"]) == (422, "form_invalid")


def send_form(sizing: SizingService, body: bytes, content_type: str) -> httpx.Response:
    headers = {"Content-Type": content_type}
    return sizing.client.post("/estimate-body/upload", content=body, headers=headers)
