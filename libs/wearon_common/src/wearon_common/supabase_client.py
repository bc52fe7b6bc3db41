"""One way to reach Supabase."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
from supabase import AsyncClient, AsyncClientOptions

from wearon_common.metrics.supabase_calls import SupabaseCalls

# Calls take milliseconds, so that a few hundred tasks share these; the others wait for their turn.
_MOST_CONNECTIONS = 32
# The pool counts busy connections as idle ones: with a limit of either below what is open, it would hang
# up after each call. And it loses the place of a call that is cancelled while it waits: nobody waits in it.
_KEEP_ALL = httpx.Limits(max_connections=None, max_keepalive_connections=None, keepalive_expiry=30)


class _BoundedClient(httpx.AsyncClient):
    """Bounds each call to its last byte; httpx alone bounds each read, and a dripping server never ends.

    The wait for one of the `_MOST_CONNECTIONS` is part of the call.
    """

    def __init__(self, timeout: timedelta, calls: SupabaseCalls | None) -> None:
        super().__init__(
            http2=False,
            timeout=timeout.total_seconds(),
            limits=_KEEP_ALL,
            trust_env=False,
            follow_redirects=False,
        )
        self._timeout_s = timeout.total_seconds()
        self._turns = asyncio.Semaphore(_MOST_CONNECTIONS)
        self._calls = calls

    async def send(self, request: httpx.Request, **options: Any) -> httpx.Response:  # noqa: ANN401 - httpx's own
        if self._calls is None:
            return await self._send_in_time(request, **options)
        with self._calls.watched(request.url.path) as call:
            response = await self._send_in_time(request, **options)
            call.answered(response.status_code)
            return response

    async def _send_in_time(self, request: httpx.Request, **options: Any) -> httpx.Response:  # noqa: ANN401 - as above
        try:
            async with asyncio.timeout(self._timeout_s), self._turns:
                return await super().send(request, **options)
        except TimeoutError as error:
            raise httpx.ReadTimeout("the whole answer took too long", request=request) from error


def connect_supabase(
    url: str, service_role_key: str, timeout: timedelta, calls: SupabaseCalls | None = None
) -> AsyncClient:
    """Make a client with a legacy JWT or an `sb_secret_…` key; nothing is sent yet. `calls` counts its calls.

    HTTP/1.1 on purpose: HTTP/2 fails whenever the server recycles a connection that others are using.
    """
    http = _BoundedClient(timeout, calls)
    options = AsyncClientOptions(httpx_client=http, auto_refresh_token=False, persist_session=False)
    return AsyncClient(url, service_role_key, options)


async def close_supabase(client: AsyncClient) -> None:
    """Close the connections of a client made here."""
    http = client.options.httpx_client
    assert http is not None  # noqa: S101 - connect_supabase sets it
    await http.aclose()
