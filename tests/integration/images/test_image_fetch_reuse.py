"""Connections of the image fetcher: kept when that is safe, never when it is not."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from certificate_authority import CertificateAuthority
from hostile_images import photo
from integration.images.fetch_image import fetch_image
from integration.images.fixed_resolver import FixedResolver
from integration.images.hostile_servers import (
    Behaviour,
    HostileServer,
    answering,
    endlessly,
    head,
    serving,
    silent,
    whole,
)

from wearon_common.images import ImageError, ImageFetcher, ImageRoom, ImageUnavailable

LOOPBACK, ELSEWHERE = "127.0.0.1", "127.0.0.9"
PHOTO = photo()
HONEST = answering(whole(PHOTO))
OFTEN = 1_000


def fetcher_of(server: HostileServer, *hosts: str, answers: Sequence[str] = (LOOPBACK,)) -> ImageFetcher:
    """Make a fetcher that may fetch from these hosts, all of them on that server."""
    listed = frozenset(f"{host}:{server.port}" for host in hosts or ("storage",))
    resolver = FixedResolver(*([answer] for answer in answers))
    return ImageFetcher(
        listed, resolver=resolver, timeout=timedelta(seconds=20), room=ImageRoom(per_image=100_000)
    )


async def fetch(fetcher: ImageFetcher, server: HostileServer, host: str = "storage") -> bytes:
    return await fetch_image(fetcher, f"http://{host}:{server.port}/a")


async def settle(server: HostileServer, *, open_connections: int) -> None:
    """Wait until the server has noticed what the client closed."""
    async with asyncio.timeout(10):
        while server.open_connections() != open_connections:  # noqa: ASYNC110 - the server is told nothing
            await asyncio.sleep(0.01)


def one_answer_for_each(*answers: Behaviour) -> Behaviour:
    """Treat the requests in turn."""
    left = list(answers)

    async def behave(writer: asyncio.StreamWriter) -> None:
        await left.pop(0)(writer)

    return behave


async def hang_up(writer: asyncio.StreamWriter) -> None:
    """Close without a word."""
    writer.close()


def test_images_of_one_host_come_over_one_connection() -> None:
    async def connections() -> int:
        async with (
            serving(HONEST, requests_per_connection=OFTEN) as server,
            fetcher_of(server) as fetcher,
        ):
            assert [await fetch(fetcher, server) for _ in range(5)] == [PHOTO] * 5
            return len(server.connections)

    assert asyncio.run(connections()) == 1


def test_one_tls_handshake_serves_several_images(tmp_path: Path) -> None:
    authority = CertificateAuthority(tmp_path)

    async def connections() -> int:
        context = authority.server_context("storage")
        async with serving(HONEST, context, requests_per_connection=OFTEN) as server:
            fetcher = ImageFetcher(
                frozenset({f"storage:{server.port}"}),
                resolver=FixedResolver([LOOPBACK]),
                ssl_context=authority.client_context(),
            )
            async with fetcher:
                for _ in range(3):
                    assert await fetch_image(fetcher, f"https://storage:{server.port}/a") == PHOTO
            return len(server.connections)

    assert asyncio.run(connections()) == 1


def test_a_connection_is_not_shared_between_names_although_their_address_is_the_same() -> None:
    async def connections() -> int:
        async with (
            serving(HONEST, requests_per_connection=OFTEN) as server,
            fetcher_of(server, "one", "other") as fetcher,
        ):
            for host in ("one", "other"):
                await fetch(fetcher, server, host)
            return len(server.connections)

    assert asyncio.run(connections()) == 2


def test_a_kept_connection_stays_at_its_address_when_the_name_moves() -> None:
    async def fetch_twice() -> list[bytes]:
        async with (
            serving(HONEST, requests_per_connection=OFTEN) as server,
            fetcher_of(server, answers=[LOOPBACK, ELSEWHERE]) as fetcher,
        ):
            return [await fetch(fetcher, server) for _ in range(2)]

    assert asyncio.run(fetch_twice()) == [PHOTO, PHOTO]


def test_a_new_connection_asks_for_the_address_anew() -> None:
    async def fetch_twice() -> None:
        async with (
            serving(HONEST, requests_per_connection=OFTEN) as server,
            fetcher_of(server, answers=[LOOPBACK, ELSEWHERE]) as fetcher,
        ):
            await fetch(fetcher, server)
            server.hang_up()
            with pytest.raises(ImageUnavailable):
                await fetch(fetcher, server)

    asyncio.run(fetch_twice())


def test_a_server_that_closed_the_idle_connection_costs_no_failure() -> None:
    async def fetch_twice() -> int:
        async with (
            serving(HONEST, requests_per_connection=OFTEN) as server,
            fetcher_of(server) as fetcher,
        ):
            await fetch(fetcher, server)
            server.hang_up()
            assert await fetch(fetcher, server) == PHOTO
            return len(server.connections)

    assert asyncio.run(fetch_twice()) == 2


def test_a_server_that_closes_just_as_it_is_asked_costs_no_failure() -> None:
    async def fetch_again() -> int:
        # Both kept connections turn out dead, one after the other.
        turns = one_answer_for_each(HONEST, HONEST, hang_up, hang_up, HONEST)
        async with (
            serving(turns, requests_per_connection=OFTEN) as server,
            fetcher_of(server) as fetcher,
        ):
            await asyncio.gather(*(fetch(fetcher, server) for _ in range(2)))
            assert await fetch(fetcher, server) == PHOTO
            return len(server.connections)

    assert asyncio.run(fetch_again()) == 3


def test_a_new_connection_that_breaks_is_not_asked_again() -> None:
    async def attempt() -> int:
        async with serving(hang_up) as server, fetcher_of(server) as fetcher:
            with pytest.raises(ImageUnavailable):
                await fetch(fetcher, server)
            return len(server.requests)

    assert asyncio.run(attempt()) == 1


@pytest.mark.parametrize(
    "first",
    [
        answering(head("Content-Length: 200000"), bytes(1_000)),
        answering(head("Transfer-Encoding: chunked"), b"30d40\r\n" + bytes(200_000) + b"\r\n"),
        answering(whole(b"<html></html>", status="404 Not Found")),
        answering(whole(b"<html></html>", content_type="text/html")),
        answering(whole(PHOTO, "Connection: close")),
        answering(whole(PHOTO).replace(b"HTTP/1.1", b"HTTP/1.0")),
        endlessly(head("Content-Length: 90000"), b"\0", pause_s=0.01),
    ],
    ids=["too large", "too large in chunks", "refused", "no image", "said so", "http 1.0", "drip"],
)
def test_a_connection_is_closed_unless_its_answer_was_read_to_its_end(first: Behaviour) -> None:
    async def fetch_twice() -> int:
        turns = one_answer_for_each(first, HONEST)
        async with (
            serving(turns, requests_per_connection=OFTEN) as server,
            fetcher_of(server) as fetcher,
        ):
            with suppress(ImageError, TimeoutError):
                await asyncio.wait_for(fetch(fetcher, server), 0.3)
            await settle(server, open_connections=0)
            assert await fetch(fetcher, server) == PHOTO
            return len(server.connections)

    assert asyncio.run(fetch_twice()) == 2


def test_two_hundred_fetches_at_once_share_a_few_connections() -> None:
    async def connections() -> int:
        async with (
            serving(HONEST, requests_per_connection=OFTEN) as server,
            fetcher_of(server) as fetcher,
        ):
            bodies = await asyncio.gather(*(fetch(fetcher, server) for _ in range(200)))
            assert bodies == [PHOTO] * 200
            return len(server.connections)

    assert asyncio.run(connections()) <= 24


def test_an_image_counts_as_in_flight_until_its_user_is_done_with_it() -> None:
    async def most_held() -> int:
        held, most = 0, 0
        async with (
            serving(HONEST, requests_per_connection=OFTEN) as server,
            fetcher_of(server) as fetcher,
        ):

            async def use() -> None:
                nonlocal held, most
                async with fetcher.fetched(f"http://storage:{server.port}/a"):
                    held += 1
                    most = max(most, held)
                    await asyncio.sleep(0.01)
                    held -= 1

            await asyncio.gather(*(use() for _ in range(60)))
        return most

    assert asyncio.run(most_held()) == 24


def test_a_host_that_never_answers_holds_up_itself_alone() -> None:
    async def attempt() -> bytes:
        async with serving(silent()) as stuck, serving(HONEST) as server:
            listed = frozenset({f"stuck:{stuck.port}", f"storage:{server.port}"})
            async with ImageFetcher(listed, resolver=FixedResolver([LOOPBACK])) as fetcher:
                waiting = [asyncio.create_task(fetch(fetcher, stuck, "stuck")) for _ in range(100)]
                async with asyncio.timeout(10):
                    body = await fetch(fetcher, server)
                for task in waiting:
                    task.cancel()
                await asyncio.gather(*waiting, return_exceptions=True)
                return body

    assert asyncio.run(attempt()) == PHOTO


def test_fetches_that_were_given_up_leave_room_for_others() -> None:
    asked: list[asyncio.StreamWriter] = []

    async def keep_silent(writer: asyncio.StreamWriter) -> None:
        asked.append(writer)
        await silent()(writer)

    async def attempt() -> bytes:
        turns = one_answer_for_each(*[keep_silent] * 24, *[HONEST] * 100)
        async with serving(turns, requests_per_connection=OFTEN) as server, fetcher_of(server) as fetcher:
            given_up = [asyncio.create_task(fetch(fetcher, server)) for _ in range(100)]
            async with asyncio.timeout(10):
                while len(asked) < 24:  # noqa: ASYNC110 - the server tells nobody
                    await asyncio.sleep(0.01)
            for task in given_up:
                task.cancel()
            await asyncio.gather(*given_up, return_exceptions=True)
            async with asyncio.timeout(10):
                bodies = await asyncio.gather(*(fetch(fetcher, server) for _ in range(50)))
            return bodies[-1]

    assert asyncio.run(attempt()) == PHOTO


def test_hosts_that_are_named_once_leave_no_more_than_some_connections_behind() -> None:
    hosts = [f"host-{number}" for number in range(100)]

    async def left_open() -> None:
        async with (
            serving(HONEST, requests_per_connection=OFTEN) as server,
            fetcher_of(server, *hosts) as fetcher,
        ):
            for host in hosts:
                await fetch(fetcher, server, host)
            assert len(server.connections) == 100
            await settle(server, open_connections=64)
            await fetcher.aclose()
            await settle(server, open_connections=0)

    asyncio.run(left_open())
