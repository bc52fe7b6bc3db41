"""What the OpenAI stand-in refuses, and in which words."""

from collections.abc import Iterator

import pytest
from fixtures_openai_local import GOOD_FORM, FilePart, StubCaller, image_part, picture, running_stub

from wearon_devkit.openai_local import LatencyRange, StubConfig


@pytest.fixture(scope="module")
def stub() -> Iterator[StubCaller]:
    with running_stub(StubConfig(latency=LatencyRange(0, 0))) as caller:
        yield caller


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer sk-another", "Basic sk-local-preview"])
def test_a_missing_or_wrong_key_is_refused(stub: StubCaller, authorization: str) -> None:
    answer = stub.edit(headers={"authorization": authorization})
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "invalid_api_key"
    assert "another" not in answer.text


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("prompt", "", "missing_required_parameter"),
        ("prompt", "x" * 32_001, "string_above_max_length"),
        ("size", "1000x1000", "invalid_value"),
        ("size", "4096x1024", "invalid_value"),
        ("size", "16x16", "invalid_value"),
        ("size", "huge", "invalid_value"),
        ("quality", "hd", "invalid_value"),
        ("n", "0", "integer_below_min_value"),
        ("n", "11", "integer_above_max_value"),
        ("n", "two", "invalid_type"),
        ("output_format", "gif", "invalid_value"),
        ("output_compression", "101", "integer_above_max_value"),
        ("background", "blue", "invalid_value"),
        ("input_fidelity", "high", "invalid_input_fidelity_model"),
        ("respones_format", "b64_json", "unknown_parameter"),
    ],
)
def test_a_wrong_parameter_is_named(stub: StubCaller, field: str, value: str, code: str) -> None:
    answer = stub.edit_with({field: value})
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert (error["param"], error["code"]) == (field, code)
    assert set(error) == {"message", "type", "param", "code"}


def test_a_size_of_a_later_model_is_refused_for_an_earlier_one(stub: StubCaller) -> None:
    assert stub.edit(size="1088x1920").status_code == 200
    assert stub.edit(size="1088x1920", model="gpt-image-1.5").status_code == 400


def test_the_longest_prompt_is_taken(stub: StubCaller) -> None:
    assert stub.edit(prompt="ü" * 32_000).status_code == 200


def test_an_unknown_model_is_not_found(stub: StubCaller) -> None:
    answer = stub.edit(model="dall-e-9")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "model_not_found")


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ([("other", ("x", b"x", "image/png"))], "unknown_parameter"),
        ([image_part()] * 17, "array_above_max_length"),
        ([image_part(content_type="application/octet-stream")], "unsupported_file_mimetype"),
        ([image_part(b"")], "empty_file"),
        ([image_part(b"not a picture at all")], "invalid_image_file"),
        ([image_part(picture(size_px=(600, 800))[:2000])], "invalid_image_file"),
        ([image_part(picture(image_format="GIF"))], "invalid_image_file"),
        ([image_part(picture("white", (9000, 9000), "PNG", mode="1"), "image/png")], "invalid_image_file"),
    ],
)
def test_a_wrong_picture_is_refused(stub: StubCaller, files: list[FilePart], code: str) -> None:
    answer = stub.edit(files=files)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)


def test_a_picture_of_50_mb_is_refused(stub: StubCaller) -> None:
    answer = stub.edit(files=[image_part(bytes(50_000_000))])
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "file_too_large")


def test_a_call_without_a_picture_is_refused(stub: StubCaller) -> None:
    answer = stub.http.post("/v1/images/edits", data=GOOD_FORM)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "missing_required_parameter")


def test_a_body_that_is_no_form_is_refused(stub: StubCaller) -> None:
    headers = {"content-type": "multipart/form-data; boundary=x"}
    answer = stub.http.post("/v1/images/edits", content=b"--x\r\nnonsense", headers=headers)
    assert answer.status_code == 400
    assert answer.json()["error"]["type"] == "invalid_request_error"


def test_an_unknown_address_is_answered_in_the_same_shape(stub: StubCaller) -> None:
    answer = stub.http.get("/v1/images/everything")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "unknown_url")
    assert stub.http.get("/v1/images/edits").json()["error"]["type"] == "invalid_request_error"
