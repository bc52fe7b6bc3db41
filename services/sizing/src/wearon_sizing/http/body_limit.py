import asyncio
from datetime import timedelta
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wearon_common.images import MAX_IMAGE_BYTES, ImageRoom
from wearon_sizing.http.error_answer import error_answer
from wearon_sizing.http.errors import overloaded_answer
from wearon_sizing.http.metrics import SizingMetrics
from wearon_sizing.http.paths import UPLOAD_PATH
from wearon_sizing.http.patience import NoRoom, entered_within

MAX_BODY_BYTES = 8 * 1024
"""A signed URL of the longest accepted kind and the other fields fit."""

MAX_UPLOAD_BYTES = MAX_IMAGE_BYTES + 64 * 1024
"""The largest picture that a URL may have, and the form around it."""

_UPLOADS = "uploads"
_PATIENCE = timedelta(seconds=2)
_ARRIVAL_TIMEOUT = timedelta(seconds=30)  # the largest picture at 3 Mbit/s


class BodyLimit:
    """Reads the request's body before the application sees it.

    Answers 413 when it exceeds the limit of its path, 408 when it has not come within `arrival_timeout`: who
    sends it byte by byte would keep others out. An uploaded picture waits until there is `room` for it, and
    gets 503 when that takes longer than `patience`.
    """

    def __init__(
        self,
        app: ASGIApp,
        room: ImageRoom,
        metrics: SizingMetrics,
        *,
        patience: timedelta = _PATIENCE,
        arrival_timeout: timedelta = _ARRIVAL_TIMEOUT,
    ) -> None:
        self._app = app
        self._room = room
        self._metrics = metrics
        self._patience = patience
        self._arrival_timeout_s = arrival_timeout.total_seconds()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: D102 - ASGI
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if scope["path"] != UPLOAD_PATH:
            await self._read_first(MAX_BODY_BYTES, scope, receive, send)
            return
        announced = _announced_bytes(Headers(scope=scope))
        if announced > MAX_UPLOAD_BYTES:
            await _too_large()(scope, receive, send)
            return
        room = self._room.hold(_UPLOADS, min(announced, MAX_IMAGE_BYTES))
        try:
            async with entered_within(self._patience, room):
                await self._read_first(MAX_UPLOAD_BYTES, scope, receive, send)
        except NoRoom:
            self._metrics.shed("room")
            await overloaded_answer()(scope, receive, send)

    async def _read_first(self, most_bytes: int, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            async with asyncio.timeout(self._arrival_timeout_s):
                replay = _replaying(await _read_body(receive, most_bytes), receive)
        except TimeoutError:
            await _too_slow()(scope, receive, send)
        except _TooLarge:
            await _too_large()(scope, receive, send)
        else:
            await self._app(scope, replay, send)


def _announced_bytes(headers: Headers) -> int:
    if "Transfer-Encoding" in headers:  # a length beside it means nothing
        return MAX_IMAGE_BYTES
    return int(headers.get("Content-Length", "0"))


def _too_slow() -> JSONResponse:
    late = HTTPStatus.REQUEST_TIMEOUT
    return error_answer(late, "Request body took too long", "body_too_slow", {"Connection": "close"})


def _too_large() -> JSONResponse:
    too_large = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    return error_answer(too_large, "Request body is too large", "body_too_large")


class _TooLarge(Exception):  # noqa: N818 - named by what happened
    """The body exceeds the limit."""


async def _read_body(receive: Receive, most_bytes: int) -> bytes:
    """Return the whole body; raises `_TooLarge` as soon as it exceeds the limit."""
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > most_bytes:
            raise _TooLarge
        if not message.get("more_body", False):  # also when the client has gone
            return bytes(body)


def _replaying(body: bytes, receive: Receive) -> Receive:
    """Give the body once, and keep nothing of it."""
    pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return pending.pop() if pending else await receive()

    return replay
