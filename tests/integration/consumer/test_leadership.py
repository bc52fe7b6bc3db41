"""One leads; the others wait until it has left or fallen silent."""

import asyncio
from datetime import timedelta

from wearon_common.redis_client import connect_redis
from wearon_consumer.leadership import Leadership

LONG = timedelta(minutes=1)
SHORT = timedelta(milliseconds=50)


async def holds(redis_url: str, *turns: tuple[str, timedelta]) -> list[bool]:
    async with connect_redis(redis_url) as redis:
        return [await Leadership(redis, "leader", name, lifetime).hold() for name, lifetime in turns]


def test_one_of_two_leads_and_stays_the_leader(redis_url: str) -> None:
    turns = [("first", LONG), ("second", LONG), ("first", LONG), ("second", LONG)]
    assert asyncio.run(holds(redis_url, *turns)) == [True, False, True, False]


def test_a_leader_that_fell_silent_is_followed_by_the_next(redis_url: str) -> None:
    async def succeed() -> bool:
        async with connect_redis(redis_url) as redis:
            assert await Leadership(redis, "leader", "first", SHORT).hold()
            second = Leadership(redis, "leader", "second", LONG)
            await asyncio.sleep(SHORT.total_seconds() * 2)
            return await second.hold()

    assert asyncio.run(succeed())


def test_a_leader_that_leaves_makes_room_and_nobody_else_can(redis_url: str) -> None:
    async def leave() -> list[bool]:
        async with connect_redis(redis_url) as redis:
            first, second = (Leadership(redis, "leader", name, LONG) for name in ("first", "second"))
            assert await first.hold()
            await second.release()
            kept = not await second.hold()
            await first.release()
            return [kept, await second.hold()]

    assert asyncio.run(leave()) == [True, True]
