"""What the OpenAI stand-in answers to a good call."""

import base64
import json
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from fixtures_openai_local import StubCaller, image_part, picture, running_stub
from PIL import Image

from wearon_devkit.openai_local import LatencyRange, StubConfig

INSTANT = LatencyRange(0, 0)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StubCaller]:
    with running_stub(StubConfig(tmp_path_factory.mktemp("stub"), INSTANT)) as caller:
        yield caller


@pytest.fixture
def stub(server: StubCaller) -> StubCaller:
    server.forget()
    return server


def picture_of(answer: dict[str, list[dict[str, str]]], index: int = 0) -> Image.Image:
    return Image.open(BytesIO(base64.b64decode(answer["data"][index]["b64_json"])))


@pytest.mark.parametrize("output_format", ["png", "jpeg", "webp"])
def test_the_picture_has_the_requested_format_and_size(stub: StubCaller, output_format: str) -> None:
    answer = stub.edit(output_format=output_format, size="1536x1024").raise_for_status().json()
    finished = picture_of(answer)
    finished.load()
    assert (finished.format, finished.size) == (output_format.upper(), (1536, 1024))
    assert (answer["output_format"], answer["size"]) == (output_format, "1536x1024")


def test_the_picture_is_made_from_the_inputs(stub: StubCaller) -> None:
    colours = ("red", "lime", "blue")
    files = [image_part(picture(colour, image_format="PNG"), "image/png") for colour in colours]
    finished = picture_of(stub.edit(files=files, output_format="png").json()).convert("RGB")
    seen = {colour for _, colour in finished.getcolors(maxcolors=1 << 20) or []}
    assert {(255, 0, 0), (0, 255, 0), (0, 0, 255)} <= seen


def test_the_picture_carries_a_label(stub: StubCaller) -> None:
    finished = picture_of(stub.edit(files=[image_part(picture("black"))], output_format="png").json())
    label = finished.convert("RGB").crop((0, 1380, 1024, 1536))
    assert (255, 196, 61) in {colour for _, colour in label.getcolors(maxcolors=1 << 20) or []}


def test_a_turned_photo_is_shown_upright(stub: StubCaller) -> None:
    file = BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (80, 60), "red").save(file, "JPEG", exif=exif)
    answer = stub.edit(files=[image_part(file.getvalue())], size="auto").json()
    assert answer["size"] == "1024x1536"


def test_sixteen_pictures_of_all_three_types_are_taken(stub: StubCaller) -> None:
    kinds = [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("WEBP", "image/webp")]
    files = [image_part(picture(image_format=kinds[i % 3][0]), kinds[i % 3][1]) for i in range(16)]
    assert stub.edit(files=files).status_code == 200
    assert [image["format"] for image in stub.record()[0]["images"][:3]] == ["png", "jpeg", "webp"]


def test_the_usage_adds_up(stub: StubCaller) -> None:
    usage = stub.edit(prompt="x" * 400).json()["usage"]
    details = usage["input_tokens_details"]
    assert details["text_tokens"] == 100
    assert usage["input_tokens"] == details["text_tokens"] + details["image_tokens"]
    assert usage["total_tokens"] == usage["input_tokens"] + usage["output_tokens"]
    assert usage["output_tokens"] == 1584


def test_several_pictures_are_returned_when_asked_for(stub: StubCaller) -> None:
    assert len(stub.edit(n="3").json()["data"]) == 3


def test_every_answer_names_its_request_and_the_rate_left(stub: StubCaller) -> None:
    first, second = stub.edit(), stub.edit(size="7x7")
    assert [call["request_id"] for call in stub.record()] == [
        first.headers["x-request-id"],
        second.headers["x-request-id"],
    ]
    assert first.headers["x-ratelimit-limit-requests"] == "300"
    assert first.headers["x-ratelimit-remaining-requests"] == "299"
    assert second.headers["x-ratelimit-remaining-requests"] == "298"
    assert int(first.headers["openai-processing-ms"]) >= 0


def test_the_record_tells_calls_without_their_prompts(stub: StubCaller) -> None:
    stub.edit(prompt="a private wish", headers={"X-Client-Request-Id": "attempt-1"})
    [call] = stub.record()
    assert (call["status"], call["client_request_id"], call["model"]) == (
        200,
        "attempt-1",
        "gpt-image-2.6-flare",
    )
    assert call["ended_s"] >= call["started_s"]
    assert call["images"] == [
        {"format": "jpeg", "width_px": 60, "height_px": 80, "size_bytes": len(picture())}
    ]
    assert len(call["prompt_sha256"]) == 64
    assert "wish" not in json.dumps(call)


def test_the_record_is_also_written_to_the_directory(tmp_path: Path) -> None:
    with running_stub(StubConfig(tmp_path, INSTANT)) as stub:
        stub.edit()
        stub.edit(model="nothing-known")
        recorded = stub.record()
    lines = (tmp_path / "openai-record.jsonl").read_text().splitlines()
    assert [json.loads(line) for line in lines] == recorded


def test_an_answer_takes_the_configured_time() -> None:
    with running_stub(StubConfig(latency=LatencyRange(0.3, 0.4))) as stub:
        stub.edit()
        [call] = stub.record()
    assert call["ended_s"] - call["started_s"] >= 0.3
