import asyncio
from datetime import timedelta
from http import HTTPStatus

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wearon_common.images import MAX_IMAGE_BYTES

MAX_BODY_BYTES = 8 * 1024
"""A signed URL of the longest accepted kind and the other fields fit."""

MAX_UPLOAD_BYTES = MAX_IMAGE_BYTES + 64 * 1024
"""The largest picture that a URL may have, and the form around it."""

UPLOAD_PATH = "/estimate-body/upload"


_ARRIVAL_TIMEOUT = timedelta(seconds=30)  # the largest picture at 3 Mbit/s


class BodyLimit:
    """Reads the request's body before the application sees it.

    Answers 413 when it exceeds the limit of its path, 408 when it has not come within `arrival_timeout`: who
    sends it byte by byte would keep others out.
    """

    def __init__(self, app: ASGIApp, arrival_timeout: timedelta = _ARRIVAL_TIMEOUT) -> None:
        self._app = app
        self._arrival_timeout_s = arrival_timeout.total_seconds()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: D102 - ASGI
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most_bytes = MAX_UPLOAD_BYTES if scope["path"] == UPLOAD_PATH else MAX_BODY_BYTES
        try:
            async with asyncio.timeout(self._arrival_timeout_s):
                body = await _read_body(receive, most_bytes)
        except TimeoutError:
            await _too_slow()(scope, receive, send)
            return
        if body is None:
            await _too_large()(scope, receive, send)
            return
        await self._app(scope, _replay(body, receive), send)


def _too_slow() -> JSONResponse:
    content = {"detail": "Request body took too long"}
    return JSONResponse(content, HTTPStatus.REQUEST_TIMEOUT, headers={"Connection": "close"})


def _too_large() -> JSONResponse:
    return JSONResponse({"detail": "Request body is too large"}, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


async def _read_body(receive: Receive, most_bytes: int) -> bytes | None:
    """Return the whole body, or nothing as soon as it exceeds the limit."""
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > most_bytes:
            return None
        if not message.get("more_body", False):  # also when the client has gone
            return bytes(body)


def _replay(body: bytes, receive: Receive) -> Receive:
    pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return pending.pop() if pending else await receive()

    return replay
