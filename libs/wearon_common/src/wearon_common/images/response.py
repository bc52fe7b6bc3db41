from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from http import HTTPStatus
from typing import TypeAlias

import httpcore

from wearon_common.images.errors import ImageReason, ImageRejected, ImageUnavailable
from wearon_common.images.kind import kind_of

# A body in tiny chunks costs far more to take apart than to send. Honest servers send kilobytes at a
# time; at this many pieces, 10 MiB may still come in pieces of 320 bytes.
_MAX_PIECES = 32_768

_TRANSIENT_STATUSES = frozenset(
    {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}
)

# What a host may send before room is made for its image: one that stalls, or drips, takes none from others.
_BEFORE_ROOM_BYTES = 64 * 1024

MakeRoom: TypeAlias = Callable[[int | None], Awaitable[None]]
"""Waits until an image of so many bytes may be held, or one of unknown length."""


async def read_image(response: httpcore.Response, max_bytes: int, make_room: MakeRoom) -> bytes:
    """Read the body of a response that is a JPEG, PNG or WebP image of at most `max_bytes` bytes.

    `make_room` is asked once, before more than the first 64 KiB of them are read.

    Raises:
        ImageUnavailable: the status says that a later request may succeed.
        ImageRejected: any other answer.
    """
    _require_success(response.status)
    _require_image_headers(response.headers)
    announced_bytes = _announced_bytes(response.headers, max_bytes)
    body = await _read_body(response.aiter_stream(), max_bytes, partial(make_room, announced_bytes))
    if kind_of(body) is None:
        raise ImageRejected(ImageReason.NOT_AN_IMAGE, "the body is not JPEG, PNG or WebP")
    return body


def _require_success(status: int) -> None:
    if status == HTTPStatus.OK:
        return
    may_pass = status in _TRANSIENT_STATUSES or status >= HTTPStatus.INTERNAL_SERVER_ERROR
    failure = ImageUnavailable if may_pass else ImageRejected
    raise failure(ImageReason.HTTP_STATUS, f"answered {status}")


def _require_image_headers(headers: list[tuple[bytes, bytes]]) -> None:
    content_types = _values(headers, b"content-type")
    if not content_types or not all(value.startswith(b"image/") for value in content_types):
        raise ImageRejected(ImageReason.NOT_AN_IMAGE, "its Content-Type is not image/*")
    if any(value not in {b"", b"identity"} for value in _values(headers, b"content-encoding")):
        raise ImageRejected(ImageReason.ENCODED, "compressed, although no encoding was accepted")


def _announced_bytes(headers: list[tuple[bytes, bytes]], max_bytes: int) -> int | None:
    announced = [int(value) for value in _values(headers, b"content-length")]
    if any(length > max_bytes for length in announced):
        raise ImageRejected(ImageReason.TOO_LARGE, f"announces more than {max_bytes} bytes")
    # Beside a Transfer-Encoding a length means nothing.
    return None if _values(headers, b"transfer-encoding") else max(announced, default=None)


def _values(headers: list[tuple[bytes, bytes]], name: bytes) -> list[bytes]:
    return [value.strip().lower() for key, value in headers if key.lower() == name]


async def _read_body(
    pieces: AsyncIterator[bytes], max_bytes: int, make_room: Callable[[], Awaitable[None]]
) -> bytes:
    body = bytearray()
    count, has_room = 0, False
    async for piece in pieces:
        count += 1
        body += piece
        if not has_room and len(body) >= _BEFORE_ROOM_BYTES:
            await make_room()
            has_room = True
        if len(body) > max_bytes:
            raise ImageRejected(ImageReason.TOO_LARGE, f"more than {max_bytes} bytes")
        if count > _MAX_PIECES:
            raise ImageRejected(ImageReason.TOO_FRAGMENTED, f"more than {_MAX_PIECES} pieces")
    return bytes(body)
