"""What can still be read from an entry that is no task."""

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wearon_common.channel import Channel
from wearon_consumer.entry import NamedSession, digest, named_session


def test_a_session_is_found_however_much_else_is_missing() -> None:
    entry = json.dumps({"channel": "b2b", "session_id": "S", "version": 99}).encode()
    assert named_session(entry) == NamedSession(Channel.B2B, "S", request_id=None)


def test_the_request_id_is_found_too_when_it_is_text() -> None:
    session = {"channel": "b2c", "session_id": "S"}
    with_text, with_number = ({**session, "request_id": value} for value in ("R", 7))
    found = [named_session(json.dumps(entry).encode()) for entry in (with_text, with_number)]
    assert [session and session.request_id for session in found] == ["R", None]


@pytest.mark.parametrize(
    "entry",
    [
        b"",
        b"[1]",
        b"null",
        b"\xff",
        b"[" * 100_000,
        b'{"session_id": "S"}',
        b'{"channel": "b2c"}',
        b'{"channel": "b2x", "session_id": "S"}',
        b'{"channel": ["b2c"], "session_id": "S"}',
        b'{"channel": "b2c", "session_id": 7}',
        b'{"version": ' + b"1" * 10_000 + b"}",
    ],
)
def test_an_entry_that_names_none_has_none(entry: bytes) -> None:
    assert named_session(entry) is None


@given(st.binary())
def test_no_bytes_are_too_strange(entry: bytes) -> None:
    assert named_session(entry) is None


def test_a_digest_is_the_one_that_redis_scripts_compute() -> None:
    assert digest(b"abc") == hashlib.sha1(b"abc", usedforsecurity=False).hexdigest()
