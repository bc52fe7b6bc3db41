"""What is taken out of OpenAI's 200."""

import base64
import json
from typing import Any

import pytest
from structlog.testing import capture_logs

from wearon_generator.failures import ProviderOutcomeUnknown
from wearon_generator.openai.answer import read_image
from wearon_generator.provider import GeneratedImage, Usage

IMAGE = b"image bytes"
ENCODED = base64.b64encode(IMAGE).decode()
USAGE = {
    "input_tokens": 450,
    "input_tokens_details": {"text_tokens": 50, "image_tokens": 400},
    "output_tokens": 1_056,
    "total_tokens": 1_506,
}


def read(answer: object) -> GeneratedImage:
    return read_image(json.dumps(answer).encode(), "req_1")


def test_the_image_its_tokens_and_the_request_id_are_taken() -> None:
    image = read({"created": 1, "data": [{"b64_json": ENCODED}], "usage": USAGE})
    assert image == GeneratedImage(IMAGE, Usage(50, 400, 1_056), "req_1")


@pytest.mark.parametrize(
    ("usage", "expected"),
    [
        ({}, Usage(0, 0, 0)),
        ({"input_tokens": 9, "output_tokens": 2}, Usage(0, 9, 2)),
        ({"input_tokens": 9, "input_tokens_details": None, "output_tokens": 2}, Usage(0, 9, 2)),
    ],
)
def test_tokens_without_details_count_as_the_dearer_kind(usage: dict[str, Any], expected: Usage) -> None:
    assert read({"data": [{"b64_json": ENCODED}], "usage": usage}).usage == expected


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"usage": None},
        {"usage": 7},
        {"usage": {**USAGE, "input_tokens": None}},
        {"usage": {**USAGE, "input_tokens": -5}},
        {"usage": {**USAGE, "input_tokens_details": {"text_tokens": None, "image_tokens": 5}}},
        {"usage": {**USAGE, "input_tokens_details": {"text_tokens": 2**30, "image_tokens": 2**30}}},
        {"usage": {**USAGE, "input_tokens_details": []}},
        {"usage": {**USAGE, "output_tokens": 1.5}},
        {"usage": {**USAGE, "output_tokens": "many"}},
        {"usage": {**USAGE, "output_tokens": 3 * 10**9}},
        {"usage": {**USAGE, "output_tokens": 10**30}},
    ],
)
def test_tokens_that_cannot_be_read_cost_nobody_the_image(answer: dict[str, Any]) -> None:
    with capture_logs() as lines:
        image = read({"data": [{"b64_json": ENCODED}], **answer})
    assert image == GeneratedImage(IMAGE, Usage(0, 0, 0), "req_1")
    [line] = lines
    assert (line["event"], line["log_level"]) == ("provider_usage_unreadable", "warning")
    assert line["provider_request_id"] == "req_1"


def test_tokens_as_usual_are_no_warning() -> None:
    with capture_logs() as lines:
        read({"data": [{"b64_json": ENCODED}], "usage": USAGE})
    assert lines == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no JSON",
        b"[]",
        b"{}",
        b'{"data": []}',
        b'{"data": null}',
        b'{"data": [{"url": "https://example.com"}]}',
        b'{"data": [{"b64_json": null}]}',
        b'{"data": [{"b64_json": "no base64!"}]}',
        '{"data": [{"b64_json": "ä"}]}'.encode(),
        b"[" * 100_000,
    ],
)
def test_an_answer_without_an_image_was_perhaps_billed(body: bytes) -> None:
    with pytest.raises(ProviderOutcomeUnknown):
        read_image(body, None)
