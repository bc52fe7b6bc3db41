"""Names that do not answer hold up no name that did."""

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator

import pytest

from wearon_common.images.resolve import SystemResolver

KNOWN = "images.example"


class NameServers:
    """Only `KNOWN` answers; any other name hangs until the test ends.

    It stands in for `getaddrinfo`, which asks the servers that the machine is set to ask, and no others.
    """

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.end = threading.Event()

    def __call__(self, host: str, port: int, **_options: object) -> list[tuple[object, ...]]:
        self.asked.append(host)
        if host != KNOWN:
            self.end.wait(30)
            raise socket.gaierror
        return [(socket.AF_INET, socket.SOCK_STREAM, 0, "", ("192.0.2.1", port))]


@pytest.fixture
def servers(monkeypatch: pytest.MonkeyPatch) -> Iterator[NameServers]:
    servers = NameServers()
    monkeypatch.setattr(socket, "getaddrinfo", servers)
    yield servers
    servers.end.set()


def run(servers: NameServers, scene: Callable[[SystemResolver], Awaitable[None]]) -> None:
    async def play() -> None:
        resolver = SystemResolver()
        try:
            async with asyncio.timeout(5):
                await scene(resolver)
        finally:
            servers.end.set()
            await resolver.aclose()

    asyncio.run(play())


def test_a_name_that_answered_is_not_held_up_by_a_hundred_that_do_not(servers: NameServers) -> None:
    async def scene(resolver: SystemResolver) -> None:
        await resolver.resolve(KNOWN, 443)
        hanging = [asyncio.create_task(resolver.resolve(f"{n}.example", 443)) for n in range(100)]
        await asyncio.sleep(0.1)
        assert [str(address) for address in await resolver.resolve(KNOWN, 443)] == ["192.0.2.1"]
        for task in hanging:
            task.cancel()

    run(servers, scene)


def test_a_name_is_asked_for_once_at_a_time(servers: NameServers) -> None:
    async def scene(resolver: SystemResolver) -> None:
        await asyncio.gather(*(resolver.resolve(KNOWN, 443) for _ in range(20)))
        assert servers.asked == [KNOWN]
        await resolver.resolve(KNOWN, 443)
        assert servers.asked == [KNOWN, KNOWN]

    run(servers, scene)


def test_who_gives_up_leaves_the_others_their_answer(servers: NameServers) -> None:
    async def scene(resolver: SystemResolver) -> None:
        first, second = (asyncio.create_task(resolver.resolve("slow.example", 443)) for _ in range(2))
        await asyncio.sleep(0.05)
        first.cancel()
        servers.end.set()
        with pytest.raises(socket.gaierror):
            await second

    run(servers, scene)
