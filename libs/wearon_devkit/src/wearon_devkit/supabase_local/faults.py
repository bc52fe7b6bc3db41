"""Faults on demand, for tests of what the services do when Supabase fails.

`POST /__faults` with a `Fault` as JSON arms it for the next `count` requests whose path starts with
`path_prefix`; `GET /__faults` lists what is still armed; `DELETE /__faults` disarms everything. Faults of
the same path strike in the order they were armed.
"""

import asyncio
from collections.abc import AsyncIterator
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_PATH = "/__faults"
_DRIP_INTERVAL_S = 0.2


class Kind(StrEnum):
    """What goes wrong."""

    SLOW = "slow"
    """Nothing but the delay."""
    BAD_GATEWAY = "bad_gateway"
    """502 with an HTML page, as a proxy writes it; nothing is done."""
    UNAVAILABLE = "unavailable"
    """503; nothing is done."""
    CUT = "cut"
    """The connection breaks; nothing is done."""
    CUT_AFTER_COMMIT = "cut_after_commit"
    """The work is done and committed, then the connection breaks in place of the answer."""
    DRIP = "drip"
    """The work is done and committed, then the answer comes: one byte each 0.2 s, for ever."""


class Fault(BaseModel):
    """An armed fault; `delay_s` passes before anything else happens."""

    model_config = ConfigDict(extra="forbid")

    path_prefix: str
    kind: Kind
    count: int = Field(default=1, ge=1)
    delay_s: float = Field(default=0, ge=0)


class Faults:
    """ASGI middleware that lets armed faults strike."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._armed: list[Fault] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Control, strike or pass on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif scope["path"] == _PATH:
            await (await self._control(Request(scope, receive)))(scope, receive, send)
        elif fault := self._take(scope["path"]):
            await asyncio.sleep(fault.delay_s)
            await self._strike(fault.kind, scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _control(self, request: Request) -> Response:
        if request.method == "POST":
            try:
                self._armed.append(Fault.model_validate_json(await request.body()))
            except ValidationError as error:
                return PlainTextResponse(str(error), 422)
        elif request.method == "DELETE":
            self._armed.clear()
        return JSONResponse([fault.model_dump(mode="json") for fault in self._armed])

    def _take(self, path: str) -> Fault | None:
        fault = next((each for each in self._armed if path.startswith(each.path_prefix)), None)
        if fault:
            fault.count -= 1
            self._armed = [each for each in self._armed if each.count]
        return fault

    async def _strike(self, kind: Kind, scope: Scope, receive: Receive, send: Send) -> None:
        match kind:
            case Kind.SLOW:
                await self._app(scope, receive, send)
            case Kind.BAD_GATEWAY:
                await HTMLResponse("<html><h1>502 Bad Gateway</h1></html>", 502)(scope, receive, send)
            case Kind.UNAVAILABLE:
                await PlainTextResponse("Service Unavailable", 503)(scope, receive, send)
            case Kind.CUT:
                await _break_connection(send)
            case Kind.CUT_AFTER_COMMIT:
                await self._app(scope, receive, _drop)
                await _break_connection(send)
            case Kind.DRIP:
                await self._app(scope, receive, _drop)
                await StreamingResponse(_drops(), media_type="application/json")(scope, receive, send)


async def _drop(_message: Message) -> None:
    """Swallow an answer."""


async def _break_connection(send: Send) -> None:
    # A promised body that never comes makes the server close the connection: the client sees no answer.
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1")]})


async def _drops() -> AsyncIterator[bytes]:
    while True:
        yield b" "  # JSON allows blanks before a value: whoever reads on expects one
        await asyncio.sleep(_DRIP_INTERVAL_S)
