"""A small HTTP port beside a service that has no API of its own: GET /health."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, MutableMapping
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import uvicorn

Message = MutableMapping[str, Any]
Check = Callable[[], Awaitable[dict[str, object]]]


@asynccontextmanager
async def serve_health(port: int, check: Check) -> AsyncIterator[None]:
    """Answer GET /health on `port` while inside: 200 when `check` gives status "ok", else 503.

    It runs on the caller's event loop on purpose: a loop that hangs answers nothing.
    Raises `OSError` when the port is taken.
    """
    config = uvicorn.Config(
        _Application(check), log_config=None, log_level="warning", access_log=False, lifespan="off"
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


class _Application:
    def __init__(self, check: Check) -> None:
        self._check = check

    async def __call__(
        self,
        scope: Message,
        _receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        if scope["path"] != "/health":
            await _answer(send, 404, {"detail": "Not Found"})
            return
        health = await self._check()
        await _answer(send, 200 if health["status"] == "ok" else 503, health)


async def _answer(send: Callable[[Message], Awaitable[None]], status: int, body: dict[str, object]) -> None:
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(body).encode()})
