import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
from prometheus_client import CollectorRegistry
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from wearon_common.images import ImageRoom
from wearon_sizing.http.body_limit import BodyLimit
from wearon_sizing.http.metrics import SizingMetrics


async def echo(request: Request) -> PlainTextResponse:
    return PlainTextResponse(await request.body())


METRICS = SizingMetrics(CollectorRegistry(), ())
APP = Starlette(routes=[Route("/echo", echo, methods=["POST"])])


async def post(body: AsyncIterator[bytes], arrival_timeout: timedelta) -> httpx.Response:
    transport = httpx.ASGITransport(BodyLimit(APP, ImageRoom(), METRICS, arrival_timeout=arrival_timeout))
    async with httpx.AsyncClient(transport=transport, base_url="http://sizing") as client:
        return await client.post("/echo", content=body)


def test_a_body_that_does_not_come_is_not_waited_for_and_its_connection_is_closed() -> None:
    async def never_ending() -> AsyncIterator[bytes]:
        yield b"begun"
        await asyncio.Event().wait()

    answer = asyncio.run(post(never_ending(), timedelta(milliseconds=20)))
    assert answer.status_code == 408
    assert answer.json() == {"detail": "Request body took too long", "reason": "body_too_slow"}
    assert answer.headers["Connection"] == "close"


def test_a_body_that_comes_in_pieces_is_put_together() -> None:
    async def in_pieces() -> AsyncIterator[bytes]:
        for piece in (b"one ", b"two"):
            await asyncio.sleep(0.001)
            yield piece

    assert asyncio.run(post(in_pieces(), timedelta(seconds=20))).text == "one two"
