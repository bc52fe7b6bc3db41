"""`GenerationTask`: what the vectors in `contracts/` do not say."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wearon_common.channel import Channel
from wearon_common.task import GenerationTask, InvalidTaskError

B2C: dict[str, Any] = {
    "task_id": "0f9b8a52-6a3e-4b3f-9b5f-3f6c9f8b1d11",
    "channel": "b2c",
    "user_id": "11111111-1111-4111-8111-111111111111",
    "session_id": "01a2014c-1dac-7eae-b784-d1afdf411841",
    "image_urls": ["https://example.com/person.jpg?token=T1", "https://example.com/garment.jpg?token=T2"],
    "prompt": "Virtual try-on",
    "request_id": "req_5b0f",
    "version": 1,
    "created_at": "2026-02-17T05:10:53.123Z",
}
B2B: dict[str, Any] = {key: value for key, value in B2C.items() if key != "user_id"} | {
    "channel": "b2b",
    "store_id": "22222222-2222-4222-8222-222222222222",
}


def reason(entry: str | bytes) -> str:
    with pytest.raises(InvalidTaskError) as caught:
        GenerationTask.parse(entry)
    return str(caught.value)


def test_every_field_is_read_as_it_was_written() -> None:
    task = GenerationTask.parse(json.dumps(B2C))
    assert task.channel is Channel.B2C
    assert task.image_urls == tuple(B2C["image_urls"])
    assert task.created_at == datetime(2026, 2, 17, 5, 10, 53, 123_000, tzinfo=UTC)
    texts = {
        name: getattr(task, name) for name in ("task_id", "session_id", "prompt", "request_id", "user_id")
    }
    assert texts == {name: B2C[name] for name in texts}


@pytest.mark.parametrize("spelling", [str.upper, "{{{}}}".format, "urn:uuid:{}".format])
def test_sessions_and_owners_have_one_spelling(spelling: Callable[[str], str]) -> None:
    names = ("session_id", "user_id")
    task = GenerationTask.parse(json.dumps(B2C | {name: spelling(B2C[name]) for name in names}))
    assert {name: getattr(task, name) for name in names} == {name: B2C[name] for name in names}


def test_ids_that_are_no_uuids_stay_as_they_are() -> None:
    task = GenerationTask.parse(json.dumps(B2C | {"task_id": "Task-1", "session_id": "Session-1"}))
    assert (task.task_id, task.session_id) == ("Task-1", "Session-1")


@pytest.mark.parametrize(("task", "owner"), [(B2C, "user_id"), (B2B, "store_id")])
def test_the_owner_is_the_one_that_the_channel_needs(task: dict[str, Any], owner: str) -> None:
    assert GenerationTask.parse(json.dumps(task)).owner_id == task[owner]


def test_a_task_that_travelled_through_celery_is_the_same() -> None:
    task = GenerationTask.parse(json.dumps(B2B))
    message = json.loads(json.dumps(task.model_dump(mode="json", exclude_none=True)))
    assert GenerationTask.read(message) == task


def test_a_reason_quotes_no_value() -> None:
    secret = "SECRET"
    spoiled = {
        **B2C,
        "channel": secret,
        "version": secret,
        "created_at": secret,
        "image_urls": {secret: secret},
    }
    assert secret not in reason(json.dumps(spoiled))


def test_the_reason_of_an_entry_that_is_wrong_everywhere_is_short() -> None:
    assert len(reason(json.dumps({**B2C, "image_urls": [7] * 10_000}))) < 1_000


@pytest.mark.parametrize(
    "entry",
    [b"", b"null", b"{}", b"\xff\xfe", b"[" * 10_000, b'{"a":' * 10_000, b'"text"', b"1e999", b"\x00"],
)
def test_what_is_no_task_has_a_reason(entry: bytes) -> None:
    assert reason(entry)


def test_a_version_that_only_looks_like_one_is_refused() -> None:
    for version in (True, "1", 0, 2, None, [1]):
        assert "version" in reason(json.dumps({**B2C, "version": version}))


@given(st.binary())
def test_no_bytes_do_anything_but_parse_or_have_a_reason(entry: bytes) -> None:
    with pytest.raises(InvalidTaskError):
        GenerationTask.parse(entry)


@given(st.text(min_size=1))
def test_any_text_is_a_session_id_and_a_request_id(text: str) -> None:
    entry = json.dumps({**B2C, "session_id": text, "request_id": text}, ensure_ascii=False)
    task = GenerationTask.parse(entry.encode())
    assert (task.session_id, task.request_id) == (text, text)
