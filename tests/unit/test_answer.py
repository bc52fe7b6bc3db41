"""What is taken out of OpenAI's 200."""

import base64
import json
from typing import Any

import pytest

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


def test_an_answer_without_usage_still_holds_its_image() -> None:
    assert read({"data": [{"b64_json": ENCODED}]}).data == IMAGE


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
