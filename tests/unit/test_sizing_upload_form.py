import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fastapi import Request
from starlette.types import Message

from wearon_sizing.http.upload_form import read_upload_form


@pytest.fixture
def nowhere_to_write(tmp_path: Path) -> Iterator[None]:
    """Have every attempt at a temporary file fail."""
    usual, tempfile.tempdir = tempfile.tempdir, str(tmp_path / "absent")
    yield
    tempfile.tempdir = usual


@pytest.mark.parametrize("size_bytes", [10, 10 * 1024 * 1024])
def test_a_picture_of_any_size_is_kept_off_the_disk(nowhere_to_write: None, size_bytes: int) -> None:
    picture = b"x" * size_bytes
    received, fields = asyncio.run(read_upload_form(form_of(picture, height_cm="170")))
    assert received == picture
    assert fields.height_cm == 170


def form_of(picture: bytes, **fields: str) -> Request:
    form = httpx.Request("POST", "http://sizing/", data=fields, files={"image": picture})
    body = form.read()

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    headers = [(name.lower(), value) for name, value in form.headers.raw]
    return Request({"type": "http", "method": "POST", "headers": headers}, receive)
