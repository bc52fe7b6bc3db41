import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.types import Message

from wearon_common.images import ImageReason, ImageRejected
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


def test_a_picture_may_be_no_larger_than_one_behind_a_url() -> None:
    with pytest.raises(ImageRejected) as rejection:
        asyncio.run(read_upload_form(form_of(b"x" * (10 * 1024 * 1024 + 1), height_cm="170")))
    assert rejection.value.reason is ImageReason.TOO_LARGE


@pytest.mark.parametrize(
    "fields", [{"image": "text", "height_cm": "170"}, {"height_cm": "1_70"}, {"height_cm": "nan"}]
)
def test_what_a_form_alone_could_say_is_refused(fields: dict[str, str]) -> None:
    with pytest.raises(RequestValidationError):
        asyncio.run(read_upload_form(form_of(b"x", **fields)))


def form_of(picture: bytes, **fields: str) -> Request:
    form = httpx.Request("POST", "http://sizing/", data=fields, files={"image": picture})
    body = form.read()

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    headers = [(name.lower(), value) for name, value in form.headers.raw]
    return Request({"type": "http", "method": "POST", "headers": headers}, receive)
