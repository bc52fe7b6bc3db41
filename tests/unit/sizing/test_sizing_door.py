import asyncio
from collections.abc import Callable
from http import HTTPStatus
from types import SimpleNamespace

import httpx
import pytest
from prometheus_client import CollectorRegistry
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wearon_sizing.http.abandoned import StopWhenAbandoned
from wearon_sizing.http.admission import Admission
from wearon_sizing.http.metrics import SizingMetrics


class Slow:
    """An application whose answers wait for `may_end`, and that tells whether it was cancelled."""

    def __init__(self) -> None:
        self.started, self.may_end = asyncio.Event(), asyncio.Event()
        self.cancelled = False

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        self.started.set()
        try:
            await self.may_end.wait()
        except asyncio.CancelledError:
            self.cancelled = True
            raise
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"done"})


def with_state(app: ASGIApp, *, overloaded: bool = False) -> ASGIApp:
    loaded = SimpleNamespace(estimator=SimpleNamespace(is_overloaded=overloaded))

    async def stateful(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "state": {"resources": SimpleNamespace(loaded=loaded)}}, receive, send)

    return stateful


async def post(app: ASGIApp, path: str = "/estimate-body") -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://sizing") as client:
        return await client.post(path, content=b"{}")


def test_more_requests_than_may_be_under_way_are_turned_away_until_one_ends() -> None:
    registry = CollectorRegistry()

    async def scenario() -> tuple[httpx.Response, list[int]]:
        slow = Slow()
        app = with_state(Admission(slow, 1, SizingMetrics(registry, ())))
        first = asyncio.create_task(post(app))
        await slow.started.wait()
        refused = await post(app)
        slow.may_end.set()
        return refused, [(await first).status_code, (await post(app)).status_code]

    refused, others = asyncio.run(scenario())
    assert (refused.status_code, refused.json()["reason"]) == (503, "overloaded")
    assert int(refused.headers["Retry-After"]) >= 1
    assert others == [200, 200]
    assert registry.get_sample_value("wearon_sizing_shed_total", {"where": "requests"}) == 1


@pytest.mark.parametrize(
    ("path", "status"), [("/estimate-body", 503), ("/estimate-body/upload", 503), ("/health", 200)]
)
def test_only_estimates_are_turned_away_while_too_many_wait(path: str, status: int) -> None:
    registry = CollectorRegistry()

    async def scenario() -> int:
        slow = Slow()
        slow.may_end.set()
        app = with_state(Admission(slow, 5, SizingMetrics(registry, ())), overloaded=True)
        return (await post(app, path)).status_code

    assert asyncio.run(scenario()) == status
    shed = registry.get_sample_value("wearon_sizing_shed_total", {"where": "pictures"})
    assert shed == (status == HTTPStatus.SERVICE_UNAVAILABLE)


def speak(messages: list[Message], hang_up: asyncio.Event) -> Callable[[], "asyncio.Future[Message]"]:
    async def receive() -> Message:
        if messages:
            return messages.pop(0)
        await hang_up.wait()
        return {"type": "http.disconnect"}

    return lambda: asyncio.ensure_future(receive())


async def run_until_hang_up(slow: Slow, hang_up: asyncio.Event) -> list[Message]:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    receive = speak([{"type": "http.request", "body": b"", "more_body": False}], hang_up)
    await StopWhenAbandoned(slow)({"type": "http"}, receive, send)
    return sent


def test_work_for_a_client_that_has_hung_up_is_cancelled() -> None:
    async def scenario() -> tuple[list[Message], bool]:
        slow, hang_up = Slow(), asyncio.Event()
        running = asyncio.create_task(run_until_hang_up(slow, hang_up))
        await slow.started.wait()
        hang_up.set()
        return await running, slow.cancelled

    assert asyncio.run(scenario()) == ([], True)


def test_work_for_a_client_that_waits_is_answered() -> None:
    async def scenario() -> tuple[list[Message], bool]:
        slow = Slow()
        slow.may_end.set()
        return await run_until_hang_up(slow, asyncio.Event()), slow.cancelled

    sent, cancelled = asyncio.run(scenario())
    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]
    assert not cancelled


def test_a_failure_of_the_work_is_passed_on() -> None:
    async def fail(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise LookupError("internals")

    with pytest.raises(LookupError):
        asyncio.run(
            StopWhenAbandoned(fail)(
                {"type": "http"},
                speak([{"type": "http.request"}], asyncio.Event()),
                lambda _: asyncio.sleep(0),
            )
        )
