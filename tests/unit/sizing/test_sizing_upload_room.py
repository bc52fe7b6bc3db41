import asyncio

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from wearon_common.images import ImageRoom
from wearon_sizing.http.body_limit import UPLOAD_PATH, BodyLimit

PICTURE = b"x" * 1000


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
        await asyncio.sleep(0.02)
        self._running -= 1
        return PlainTextResponse(str(len(await request.body())))


@pytest.mark.parametrize(("path", "most"), [(UPLOAD_PATH, 3), ("/else", 10)])
def test_uploads_wait_until_there_is_room_for_their_picture(path: str, most: int) -> None:
    busy = Busy()

    async def post_ten() -> list[httpx.Response]:
        transport = httpx.ASGITransport(BodyLimit(busy.app, ImageRoom(total=3_500, per_host=3_500)))
        async with httpx.AsyncClient(transport=transport, base_url="http://sizing") as client:
            return await asyncio.gather(*(client.post(path, content=PICTURE) for _ in range(10)))

    assert {answer.text for answer in asyncio.run(post_ten())} == {str(len(PICTURE))}
    assert busy.most_at_once == most
