"""A small HTTP port beside a service that has no API of its own: GET /health and GET /metrics."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, MutableMapping
from contextlib import asynccontextmanager, contextmanager
from http import HTTPStatus
from typing import Any, NamedTuple

import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

Message = MutableMapping[str, Any]
Check = Callable[[], Awaitable[dict[str, object]]]

_JSON = "application/json"


@asynccontextmanager
async def serve_health(port: int, check: Check, registry: CollectorRegistry) -> AsyncIterator[None]:
    """Answer on `port` while inside: GET /health is 200 when `check` gives status "ok", else 503.

    GET /metrics has what `registry` holds. Both run on the caller's event loop on purpose: a loop that hangs
    answers nothing. Raises `OSError` when the port is taken.
    """
    config = uvicorn.Config(
        _Application(check, registry), log_config=None, log_level="warning", access_log=False, lifespan="off"
    )
    server = _QuietServer(config)
    # Bound here, because uvicorn would end the process where it cannot bind.
    listener = socket.create_server(("0.0.0.0", port))  # noqa: S104 - probed from outside the container
    serving = asyncio.create_task(server.serve([listener]))
    try:
        yield
    finally:
        server.should_exit = True
        await serving


class _QuietServer(uvicorn.Server):
    """Leaves the signals to the service."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class _Answer(NamedTuple):
    status: HTTPStatus
    content_type: str
    body: bytes


class _Application:
    def __init__(self, check: Check, registry: CollectorRegistry) -> None:
        self._check = check
        self._registry = registry

    async def __call__(
        self,
        scope: Message,
        _receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        status, content_type, body = await self._answer(scope["path"])
        headers = [(b"content-type", content_type.encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, path: str) -> _Answer:
        if path == "/metrics":
            return _Answer(HTTPStatus.OK, CONTENT_TYPE_LATEST, generate_latest(self._registry))
        if path == "/health":
            health = await self._check()
            status = HTTPStatus.OK if health["status"] == "ok" else HTTPStatus.SERVICE_UNAVAILABLE
            return _Answer(status, _JSON, json.dumps(health).encode())
        return _Answer(HTTPStatus.NOT_FOUND, _JSON, b'{"detail": "Not Found"}')
