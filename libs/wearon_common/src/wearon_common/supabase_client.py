"""One way to reach Supabase."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
from supabase import AsyncClient, AsyncClientOptions

# Above the generator's usual concurrency: calls wait for OpenAI far longer than for Supabase.
_CONNECTIONS = httpx.Limits(max_connections=64, max_keepalive_connections=32, keepalive_expiry=30)


class _BoundedClient(httpx.AsyncClient):
    """Bounds each call to its last byte; httpx alone bounds each read, and a dripping server never ends."""

    def __init__(self, timeout: timedelta) -> None:
        super().__init__(
            http2=False,
            timeout=timeout.total_seconds(),
            limits=_CONNECTIONS,
            trust_env=False,
            follow_redirects=False,
        )
        self._timeout_s = timeout.total_seconds()

    async def send(self, request: httpx.Request, **options: Any) -> httpx.Response:  # noqa: ANN401 - httpx's own
        try:
            async with asyncio.timeout(self._timeout_s):
                return await super().send(request, **options)
        except TimeoutError as error:
            raise httpx.ReadTimeout("the whole answer took too long", request=request) from error


def connect_supabase(url: str, service_role_key: str, timeout: timedelta) -> AsyncClient:
    """Make a client with a legacy JWT or an `sb_secret_…` key; nothing is sent yet.

    HTTP/1.1 on purpose: HTTP/2 fails whenever the server recycles a connection that others are using.
    """
    http = _BoundedClient(timeout)
    options = AsyncClientOptions(httpx_client=http, auto_refresh_token=False, persist_session=False)
    return AsyncClient(url, service_role_key, options)


async def close_supabase(client: AsyncClient) -> None:
    """Close the connections of a client made here."""
    http = client.options.httpx_client
    assert http is not None  # noqa: S101 - connect_supabase sets it
    await http.aclose()
