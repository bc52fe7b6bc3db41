import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from prometheus_client import CollectorRegistry
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from structlog.testing import capture_logs

from wearon_common.images import ImageRoom
from wearon_sizing.http.body_limit import MAX_BODY_BYTES, BodyLimit
from wearon_sizing.http.metrics import SizingMetrics
from wearon_sizing.http.request_context import RequestContext


async def count_body(request: Request) -> PlainTextResponse:
    return PlainTextResponse(str(len(await request.body())))


async def fail(_request: Request) -> PlainTextResponse:
    raise LookupError("secret internals")


METRICS = SizingMetrics(CollectorRegistry(), ())
APP = Starlette(
    routes=[Route("/count", count_body, methods=["POST"]), Route("/fail", fail)],
    middleware=[Middleware(RequestContext), Middleware(BodyLimit, room=ImageRoom(), metrics=METRICS)],
)


def ask(method: str, path: str, chunks: list[bytes] | None = None) -> httpx.Response:
    async def stream() -> AsyncIterator[bytes]:
        for chunk in chunks or []:
            yield chunk

    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(APP)
        async with httpx.AsyncClient(transport=transport, base_url="http://sizing") as client:
            return await client.request(method, path, content=stream())

    return asyncio.run(send())


@pytest.mark.parametrize("chunks", [[], [b"x" * MAX_BODY_BYTES], [b"x" * 1000] * 8])
def test_a_body_within_the_limit_arrives_whole(chunks: list[bytes]) -> None:
    assert ask("POST", "/count", chunks).text == str(sum(map(len, chunks)))


@pytest.mark.parametrize("chunks", [[b"x" * (MAX_BODY_BYTES + 1)], [b"x" * 1000] * 9])
def test_a_body_beyond_the_limit_is_refused_whatever_its_declared_length(chunks: list[bytes]) -> None:
    answer = ask("POST", "/count", chunks)
    assert (answer.status_code, answer.json()) == (
        413,
        {"detail": "Request body is too large", "reason": "body_too_large"},
    )


def test_an_unexpected_failure_is_a_plain_500_with_the_request_id() -> None:
    with capture_logs() as events:
        answer = ask("GET", "/fail")
    assert (answer.status_code, answer.json()) == (
        500,
        {"detail": "Internal server error", "reason": "internal_error"},
    )
    assert answer.headers["X-Request-Id"].startswith("req_")
    assert [event["event"] for event in events] == ["request_failed", "http_request"]
    assert events[0]["exc_info"]
