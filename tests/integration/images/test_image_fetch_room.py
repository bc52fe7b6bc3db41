"""How many bytes of images a process holds."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from itertools import cycle, islice

import pytest
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
    whole,
)

from wearon_common.images import ImageFetcher, ImageRoom

PHOTO = photo() + bytes(100_000)  # room is made when 64 KiB of it have come
IN_ONE_CHUNK = b"%x\r\n%s\r\n0\r\n\r\n" % (len(PHOTO), PHOTO)
SHOPS = ("one", "two", "three")
MOST_BYTES = 200_000
NEVER_ENDING = head(f"Content-Length: {MOST_BYTES}")


def fetcher_of(server: HostileServer, room: ImageRoom, timeout_s: float = 20) -> ImageFetcher:
    return ImageFetcher(
        frozenset(f"{shop}:{server.port}" for shop in SHOPS),
        resolver=FixedResolver(["127.0.0.1"]),
        timeout=timedelta(seconds=timeout_s),
        room=room,
    )


async def most_at_once(behaviour: Behaviour, room: ImageRoom, shops: tuple[str, ...]) -> int:
    held, most = 0, 0
    async with serving(behaviour, requests_per_connection=100) as server, fetcher_of(server, room) as fetcher:

        async def use(shop: str) -> None:
            nonlocal held, most
            async with fetcher.fetched(f"http://{shop}:{server.port}/a"):
                held += 1
                most = max(most, held)
                await asyncio.sleep(0.01)
                held -= 1

        await asyncio.gather(*(use(shop) for _ in range(10) for shop in shops))
    return most


@pytest.mark.parametrize(
    ("total", "of_one_host", "shops", "most"),
    [(9, 3, SHOPS[:1], 3), (9, 3, SHOPS, 9), (5, 3, SHOPS, 5), (5, 1, SHOPS, 3)],
)
def test_images_in_hand_share_the_room(
    total: int, of_one_host: int, shops: tuple[str, ...], most: int
) -> None:
    room = ImageRoom(total * len(PHOTO), of_one_host * len(PHOTO))

    assert asyncio.run(most_at_once(answering(whole(PHOTO)), room, shops)) == most


@pytest.mark.parametrize("lie", ["", "Content-Length: 1"])
def test_an_image_of_unknown_length_takes_what_it_may_have(lie: str) -> None:
    room = ImageRoom(3 * MOST_BYTES, 3 * MOST_BYTES, MOST_BYTES)
    chunked = head("Transfer-Encoding: chunked", *filter(None, [lie])) + IN_ONE_CHUNK

    assert asyncio.run(most_at_once(answering(chunked), room, SHOPS)) == 3


async def beside_one_that_takes_all(
    then: Callable[[ImageFetcher, str], Awaitable[bytes]], timeout_s: float
) -> bytes:
    """Run something while an image takes all room, which it leaves after 0.5 s."""
    room, taken = ImageRoom(MOST_BYTES, MOST_BYTES, MOST_BYTES), asyncio.Event()

    async def keep_others_out() -> None:
        async with room.hold("elsewhere", MOST_BYTES):
            taken.set()
            await asyncio.sleep(0.5)

    async with (
        serving(answering(whole(PHOTO))) as server,
        fetcher_of(server, room, timeout_s) as fetcher,
        asyncio.TaskGroup() as group,
    ):
        group.create_task(keep_others_out())
        await taken.wait()
        return await then(fetcher, f"http://one:{server.port}/a")


def test_waiting_for_room_is_not_held_against_the_host() -> None:
    assert asyncio.run(beside_one_that_takes_all(fetch_image, timeout_s=0.3)) == PHOTO


def test_who_gives_up_waiting_for_room_leaves_it_to_others() -> None:
    async def give_up_and_fetch(fetcher: ImageFetcher, url: str) -> bytes:
        given_up = [asyncio.create_task(fetch_image(fetcher, url)) for _ in range(5)]
        await asyncio.sleep(0.1)
        for task in given_up:
            task.cancel()
        await asyncio.gather(*given_up, return_exceptions=True)
        return await fetch_image(fetcher, url)

    assert asyncio.run(beside_one_that_takes_all(give_up_and_fetch, timeout_s=20)) == PHOTO


def test_a_host_that_sends_much_and_then_drips_takes_only_its_own_share() -> None:
    dripping = endlessly(NEVER_ENDING + bytes(100_000), b"\0", pause_s=0.01)
    room = ImageRoom(3 * MOST_BYTES, MOST_BYTES, MOST_BYTES)

    assert asyncio.run(fetch_beside(dripping, ["slow"], room)) == PHOTO


def test_hosts_that_drip_from_the_start_take_nothing() -> None:
    dripping = endlessly(NEVER_ENDING, b"\0", pause_s=0.01)
    room = ImageRoom(2 * MOST_BYTES, MOST_BYTES, MOST_BYTES)

    assert asyncio.run(fetch_beside(dripping, [f"slow{number}" for number in range(10)], room)) == PHOTO


async def fetch_beside(dripping: Behaviour, hosts: list[str], room: ImageRoom) -> bytes:
    """Fetch an image while ten never end, from these hosts in turn."""
    async with serving(dripping) as slow, serving(answering(whole(PHOTO))) as server:
        slow_hosts = [f"{host}:{slow.port}" for host in hosts]
        listed = frozenset({*slow_hosts, f"one:{server.port}"})
        resolver = FixedResolver(["127.0.0.1"])
        async with ImageFetcher(listed, resolver=resolver, room=room) as fetcher, asyncio.timeout(10):
            never_ending = [
                asyncio.create_task(fetch_image(fetcher, f"http://{host}/a"))
                for host in islice(cycle(slow_hosts), 10)
            ]
            await asyncio.sleep(0.3)
            body = await fetch_image(fetcher, f"http://one:{server.port}/a")
            for task in never_ending:
                task.cancel()
            await asyncio.gather(*never_ending, return_exceptions=True)
            return body
