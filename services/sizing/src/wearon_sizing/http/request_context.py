import asyncio
import re
from http import HTTPStatus
from time import perf_counter
from uuid import uuid4

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wearon_sizing.http.error_answer import error_answer

log = structlog.get_logger()

REQUEST_ID_HEADER = "X-Request-Id"
_ACCEPTED_REQUEST_ID = re.compile(r"[ -?A-~]{1,200}")
_ASKED_BY_MACHINES = ("/health", "/metrics")


class RequestContext:
    """Gives every request its id, a log line at its end, and a plain answer when nothing else gives one.

    The id of the caller is taken over when it is 1 to 200 printable ASCII characters and holds no @,
    as e-mail addresses do; otherwise a new one is made. It is on every log line about the request and in the
    answer.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: D102 - ASGI
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = accept_request_id(Headers(scope=scope).get(REQUEST_ID_HEADER))
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            await self._answer(scope, receive, _Response(send, request_id))

    async def _answer(self, scope: Scope, receive: Receive, response: "_Response") -> None:
        started = perf_counter()
        try:
            await self._app(scope, receive, response.send)
        except asyncio.CancelledError:  # by the server, whose time to stop is over
            log.warning("request_cut_off")
            await self._close(_stopping(), scope, receive, response)
        except Exception:  # whatever it is, the client gets an answer and we get the trace
            log.exception("request_failed")
            await self._close(_failed(), scope, receive, response)
        _log_request(scope, response.status, duration_ms=round((perf_counter() - started) * 1000, 1))

    async def _close(
        self, answer: JSONResponse, scope: Scope, receive: Receive, response: "_Response"
    ) -> None:
        if response.status is None:
            await answer(scope, receive, response.send)


def _stopping() -> JSONResponse:
    headers = {"Retry-After": "1", "Connection": "close"}
    return error_answer(HTTPStatus.SERVICE_UNAVAILABLE, "The service is stopping", "unavailable", headers)


def _failed() -> JSONResponse:
    return error_answer(HTTPStatus.INTERNAL_SERVER_ERROR, "Internal server error", "internal_error")


class _Response:
    """Sends the answer on, with the request's id, and remembers its status."""

    def __init__(self, send: Send, request_id: str) -> None:
        self._send = send
        self._request_id = request_id
        self.status: int | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            MutableHeaders(scope=message)[REQUEST_ID_HEADER] = self._request_id
        await self._send(message)


def accept_request_id(given: str | None) -> str:
    """Return the caller's id when it is fit for logs and headers, otherwise a new one."""
    if given is not None and _ACCEPTED_REQUEST_ID.fullmatch(given):
        return given
    return f"req_{uuid4()}"


def _log_request(scope: Scope, status: int | None, duration_ms: float) -> None:
    record = log.debug if scope["path"] in _ASKED_BY_MACHINES else log.info
    record("http_request", method=scope["method"], path=scope["path"], status=status, duration_ms=duration_ms)
