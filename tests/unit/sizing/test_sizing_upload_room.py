import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
from prometheus_client import CollectorRegistry
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from wearon_common.images import ImageRoom
from wearon_sizing.http.body_limit import BodyLimit
from wearon_sizing.http.metrics import SizingMetrics
from wearon_sizing.http.paths import UPLOAD_PATH

PICTURE = b"x" * 1000
FOR_THREE = 3_500
LONG, SHORT = timedelta(seconds=20), timedelta(milliseconds=5)


class Busy:
    """Takes a while for each request, and knows how many it had at once."""

    def __init__(self) -> None:
        self.most_at_once = 0
        self._running = 0
        self.app = Starlette(
            routes=[Route(path, self.work, methods=["POST"]) for path in (UPLOAD_PATH, "/else")]
        )

    async def work(self, request: Request) -> PlainTextResponse:
        self._running += 1
        self.most_at_once = max(self.most_at_once, self._running)
        await asyncio.sleep(0.05)
        self._running -= 1
        return PlainTextResponse(str(len(await request.body())))


async def post_ten(
    busy: Busy, path: str, patience: timedelta, registry: CollectorRegistry
) -> list[httpx.Response]:
    room, metrics = ImageRoom(FOR_THREE, FOR_THREE), SizingMetrics(registry, ())
    transport = httpx.ASGITransport(BodyLimit(busy.app, room, metrics, patience=patience))
    async with httpx.AsyncClient(transport=transport, base_url="http://sizing") as client:
        return await asyncio.gather(*(client.post(path, content=PICTURE) for _ in range(10)))


@pytest.mark.parametrize(("path", "most"), [(UPLOAD_PATH, 3), ("/else", 10)])
def test_uploads_wait_until_there_is_room_for_their_picture(path: str, most: int) -> None:
    busy = Busy()
    answers = asyncio.run(post_ten(busy, path, LONG, CollectorRegistry()))

    assert {answer.text for answer in answers} == {str(len(PICTURE))}
    assert busy.most_at_once == most


def test_an_upload_that_would_wait_for_long_is_turned_away() -> None:
    registry = CollectorRegistry()
    answers = asyncio.run(post_ten(Busy(), UPLOAD_PATH, SHORT, registry))

    assert Counter(answer.status_code for answer in answers) == {200: 3, 503: 7}
    shed = [answer for answer in answers if answer.status_code == 503]
    assert all(
        answer.json()["reason"] == "overloaded" and int(answer.headers["Retry-After"]) for answer in shed
    )
    assert registry.get_sample_value("wearon_sizing_shed_total", {"where": "room"}) == 7


@pytest.mark.parametrize("headers", [{"Transfer-Encoding": "chunked", "Content-Length": "1"}, {}])
def test_an_upload_of_unknown_length_takes_what_it_may_have(headers: dict[str, str]) -> None:
    busy = Busy()

    async def in_pieces() -> AsyncIterator[bytes]:
        yield PICTURE

    async def post_two() -> list[httpx.Response]:
        room, metrics = ImageRoom(), SizingMetrics(CollectorRegistry(), ())
        async with room.hold("uploads", 25 * 1024 * 1024):  # of 40: for one more
            transport = httpx.ASGITransport(BodyLimit(busy.app, room, metrics, patience=LONG))
            async with httpx.AsyncClient(transport=transport, base_url="http://sizing") as client:
                posts = [client.post(UPLOAD_PATH, content=in_pieces(), headers=headers) for _ in range(2)]
                return await asyncio.gather(*posts)

    assert {answer.text for answer in asyncio.run(post_two())} == {str(len(PICTURE))}
    assert busy.most_at_once == 1


def test_an_upload_that_announces_too_much_is_refused_without_waiting() -> None:
    async def post() -> httpx.Response:
        room, metrics = ImageRoom(), SizingMetrics(CollectorRegistry(), ())
        transport = httpx.ASGITransport(BodyLimit(Busy().app, room, metrics, patience=SHORT))
        async with (
            room.hold("uploads", 40 * 1024 * 1024),
            httpx.AsyncClient(transport=transport, base_url="http://sizing") as client,
        ):
            return await client.post(UPLOAD_PATH, headers={"Content-Length": str(10**12)})

    assert asyncio.run(post()).status_code == 413
