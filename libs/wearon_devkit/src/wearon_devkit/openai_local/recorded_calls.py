"""The frame around each call: its record and the headers that every answer carries."""

import asyncio
import time

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wearon_devkit.openai_local.record import Call, CallRecord
from wearon_devkit.openai_local.waiting import CallerGoneError, wait_until_gone


class RecordedCalls:
    """ASGI middleware that records each call and lets it end quietly when its caller has gone.

    The call is handed on as `request.state.call`.
    """

    def __init__(self, app: ASGIApp, record: CallRecord, requests_per_minute: int) -> None:
        self._app = app
        self._record = record
        self._requests_per_minute = requests_per_minute

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Frame one call."""
        try:
            await self._recorded(scope, receive, send)
        except (CallerGoneError, ClientDisconnect):
            pass
        except asyncio.CancelledError:
            # The server stops. To its callers it is as if it had gone down: no answer, not a made-up one.
            scope["state"]["connection"].close()
            await wait_until_gone(receive)

    async def _recorded(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the call be answered, and record when that began, with what status, and when it ended."""
        call = self._record.begin(Headers(scope=scope).get("x-client-request-id"))
        scope["state"]["call"] = call

        async def send_recorded(message: Message) -> None:
            if message["type"] == "http.response.start":
                call.status = message["status"]
                self._add_headers(MutableHeaders(scope=message), call)
            await send(message)

        try:
            await self._app(scope, receive, send_recorded)
        finally:
            self._record.finish(call)

    def _add_headers(self, headers: MutableHeaders, call: Call) -> None:
        """Add what OpenAI sends with every answer, errors included."""
        left = max(0, self._requests_per_minute - self._record.calls_in_last_minute())
        headers["x-request-id"] = call.request_id
        headers["openai-processing-ms"] = str(round(1000 * (time.monotonic() - call.started_s)))
        headers["x-ratelimit-limit-requests"] = str(self._requests_per_minute)
        headers["x-ratelimit-remaining-requests"] = str(left)
