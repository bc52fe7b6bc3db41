"""Which addresses a fetch talks to. Run as a program, it reports what one fetch really dialled."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from hostile_images import photo
from integration.images.fetch_image import fetch_image
from integration.images.fixed_resolver import FixedResolver
from integration.images.hostile_servers import answering, serving, whole

from wearon_common.images import ImageError, ImageFetcher, ImageReason, ImageUnavailable, ImageUrlRefused

URL = "https://images.example/secret.jpg?token=secret"
PUBLIC, LOOPBACK = "192.0.43.7", "127.0.0.1"


async def refusal(url: str, resolver: FixedResolver) -> ImageUrlRefused:
    async with ImageFetcher(resolver=resolver) as fetcher:
        with pytest.raises(ImageUrlRefused) as refused:
            await fetch_image(fetcher, url)
    return refused.value


@pytest.mark.parametrize(
    "answer",
    [
        ["127.0.0.1"],
        ["10.0.0.1"],
        ["169.254.169.254"],
        ["100.64.0.1"],
        ["224.0.0.1"],
        ["::1"],
        ["::ffff:10.0.0.1"],
        ["64:ff9b::7f00:1"],
        ["2002:7f00:1::1"],
        ["fe80::1%lo"],
        [PUBLIC, LOOPBACK],
        [LOOPBACK, PUBLIC],
        ["2606:4700::1", "fd00::1"],
        [PUBLIC] * 50 + [LOOPBACK],
    ],
    ids=lambda answer: ",".join(answer[-2:]),
)
def test_a_name_with_an_address_that_is_not_public_is_refused(answer: Sequence[str]) -> None:
    error = asyncio.run(refusal(URL, FixedResolver(answer)))
    assert error.reason is ImageReason.ADDRESS_REFUSED
    assert "secret" not in str(error)


def test_the_name_of_this_very_machine_is_refused() -> None:
    async def attempt() -> None:
        async with ImageFetcher() as fetcher:
            await fetch_image(fetcher, "https://localhost/a")

    with pytest.raises(ImageUrlRefused):
        asyncio.run(attempt())


def test_a_listed_host_may_be_private_on_its_port_alone() -> None:
    async def fetch() -> bytes:
        async with serving(answering(whole(photo()))) as server:
            listed = frozenset({f"storage:{server.port}"})
            async with ImageFetcher(listed, resolver=FixedResolver([LOOPBACK])) as fetcher:
                with pytest.raises(ImageUrlRefused):
                    await fetch_image(fetcher, "https://storage/a")
                return await fetch_image(fetcher, f"http://storage:{server.port}/a")

    assert asyncio.run(fetch()) == photo()


def test_a_name_is_resolved_once_for_each_fetch() -> None:
    async def fetch_twice() -> list[tuple[str, int]]:
        async with serving(answering(whole(photo()))) as server:
            resolver = FixedResolver([LOOPBACK], [LOOPBACK], ["127.0.0.2"])
            async with ImageFetcher(frozenset({f"storage:{server.port}"}), resolver=resolver) as fetcher:
                for _ in range(2):
                    await fetch_image(fetcher, f"http://storage:{server.port}/a")
            return resolver.questions

    assert [host for host, _ in asyncio.run(fetch_twice())] == ["storage", "storage"]


def test_a_dead_address_is_passed_over_for_the_next() -> None:
    async def fetch() -> bytes:
        async with serving(answering(whole(photo()))) as server:
            listed = frozenset({f"storage:{server.port}"})
            async with ImageFetcher(listed, resolver=FixedResolver(["127.0.0.9", LOOPBACK])) as fetcher:
                return await fetch_image(fetcher, f"http://storage:{server.port}/a")

    assert asyncio.run(fetch()) == photo()


def test_a_name_that_never_resolves_ends_at_the_deadline() -> None:
    stuck = FixedResolver([PUBLIC], delay_s=60)

    async def attempt() -> None:
        async with ImageFetcher(resolver=stuck, timeout=timedelta(seconds=0.1)) as fetcher:
            await fetch_image(fetcher, URL)

    with pytest.raises(ImageUnavailable) as failure:
        asyncio.run(attempt())
    assert failure.value.reason is ImageReason.TIMED_OUT


def test_a_name_without_addresses_is_not_dialled() -> None:
    async def attempt() -> None:
        async with ImageFetcher(resolver=FixedResolver([])) as fetcher:
            await fetch_image(fetcher, URL)

    with pytest.raises(ImageUnavailable):
        asyncio.run(attempt())


def test_the_connection_goes_to_the_address_that_was_checked_and_the_name_is_not_asked_again() -> None:
    builders = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    finished = subprocess.run(  # noqa: S603 - this very file
        [sys.executable, __file__], capture_output=True, check=True, text=True, timeout=60, env=builders
    )
    report = json.loads(finished.stdout)
    assert report["dialled"] == [[PUBLIC, 443], ["2606:4700::1111", 443]]
    assert report["looked_up"] == []
    assert report["outcomes"] == ["unreachable", "address_refused"]


def report_what_is_dialled() -> None:
    """Fetch the same URL twice from a name that rebinds, let no packet out, and print what was tried."""
    dialled: list[tuple[str, int]] = []
    looked_up: list[str] = []

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        if event == "socket.connect":
            host, port = arguments[1][:2]  # type: ignore[index] # an audit hook's arguments are objects
            dialled.append((host, port))
            raise ConnectionRefusedError(f"{host} is outside")
        if event in {"socket.getaddrinfo", "socket.gethostbyname"}:
            looked_up.append(str(arguments[0]))

    async def fetch_twice() -> list[str]:
        resolver = FixedResolver([PUBLIC, "2606:4700::1111"], [LOOPBACK])
        outcomes: list[str] = []
        async with ImageFetcher(resolver=resolver) as fetcher:
            for _ in range(2):
                try:
                    await fetch_image(fetcher, URL)
                except ImageError as error:
                    outcomes.append(error.reason)
        return outcomes

    sys.addaudithook(watch)
    outcomes = asyncio.run(fetch_twice())
    json.dump({"dialled": dialled, "looked_up": looked_up, "outcomes": outcomes}, sys.stdout)


if __name__ == "__main__":
    report_what_is_dialled()
