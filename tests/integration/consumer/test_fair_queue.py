"""Who is next, on a real Valkey."""

import asyncio
from collections.abc import Iterator, Sequence
from uuid import uuid4

import pytest
from clean_slate import empty_redis
from redis import Redis

from wearon_common import keys
from wearon_common.channel import Channel
from wearon_common.redis_client import connect_redis
from wearon_consumer.fair_queue import Admission, FairQueue
from wearon_devkit.backing import Backing

CONSUMER = "tester"
B2B, B2C = Channel.B2B, Channel.B2C


class Line:
    """A fair queue and what is around it."""

    def __init__(self, redis: Redis, url: str) -> None:
        self.redis = redis
        self._url = url

    def admit(self, *names: str, channel: Channel = B2B, limit: int = 1) -> int:
        """Put tasks in line, each named "<owner> <what>"; give how many wait."""
        for name in names:
            self.redis.lpush(keys.processing(CONSUMER), name)
        return self._admit([_admission(name, channel) for name in names], limit)

    def served(self, most: int = 1_000) -> list[str]:
        """Take the tasks of stores out as a generator would, one at a time."""
        served: list[str] = []
        while len(served) < most:
            self._admit([], 1)
            message = self.redis.rpop(B2B.traits.queue)
            if message is None:
                break
            assert isinstance(message, bytes)
            served.append(message.decode())
        return served

    def queued(self, channel: Channel = B2B) -> int:
        """Count what Celery has."""
        return int(self.redis.llen(channel.traits.queue))

    def _admit(self, admissions: Sequence[Admission], limit: int) -> int:
        async def admit() -> int:
            async with connect_redis(self._url) as redis:
                backlog = await FairQueue(redis, CONSUMER, limit).admit(admissions)
                return backlog.in_line

        return asyncio.run(admit())


@pytest.fixture
def line(backing: Backing) -> Iterator[Line]:
    url = backing.environment.redis_url
    empty_redis(url)
    with Redis.from_url(url) as redis:
        yield Line(redis, url)


def test_what_celery_has_room_for_goes_through_at_once(line: Line) -> None:
    assert line.admit("a 1", "a 2", "b 1", limit=3) == 0
    assert line.queued() == 3


def test_the_tasks_of_one_owner_stay_in_order(line: Line) -> None:
    names = [f"a {number}" for number in range(25)]
    line.admit(*names)
    assert line.served() == names


def test_owners_take_turns(line: Line) -> None:
    line.admit("a 1", "a 2", "a 3")
    line.admit("b 1", "b 2", "c 1")
    assert line.served() == ["a 1", "a 2", "b 1", "c 1", "a 3", "b 2"]


def test_a_new_owner_is_next_however_many_another_has_waiting(line: Line) -> None:
    line.admit(*(f"batch {number}" for number in range(500)))
    line.served(50)
    line.admit("new 1")
    assert line.served(3) == ["batch 50", "new 1", "batch 51"]


def test_an_owner_cannot_save_up_turns(line: Line) -> None:
    line.admit(*(f"batch {number}" for number in range(10)))
    assert len(line.served()) == 10
    line.admit("x 0", *(f"batch {number}" for number in range(3)), "late 1")
    assert line.served() == ["x 0", "batch 0", "late 1", "batch 1", "batch 2"]


def test_the_channels_have_lines_of_their_own(line: Line) -> None:
    line.admit(*(f"store {number}" for number in range(30)))
    assert line.admit("user 1", channel=B2C) == 29
    assert line.queued(B2C) == 1


def test_celerys_queue_is_never_longer_than_its_limit(line: Line) -> None:
    assert line.admit(*(f"a {number}" for number in range(40)), limit=15) == 25
    assert line.queued() == 15
    line.redis.rpop(B2B.traits.queue)
    assert line.admit(limit=15) == 24
    assert line.queued() == 15


def test_an_admitted_entry_and_its_recoveries_are_forgotten(line: Line) -> None:
    digest = "f24d7c8ab5ab6e7c0d7e1c3d7c9f7f0f1c2b3a40"
    line.redis.hset(keys.RECOVERED, digest, 1)
    line.redis.lpush(keys.processing(CONSUMER), "another")
    line.admit("a 1")
    assert line.redis.lrange(keys.processing(CONSUMER), 0, -1) == [b"another"]
    line.served()
    assert line.redis.hkeys(keys.RECOVERED) == [digest.encode()]


def test_nothing_is_kept_of_an_owner_who_waits_for_nothing(line: Line) -> None:
    line.admit(*(f"{uuid4()} 1" for _ in range(20)), "a 1", "a 2")
    line.served()
    assert not list(line.redis.scan_iter(f"{keys.TASKS}*"))


def _admission(name: str, channel: Channel) -> Admission:
    return Admission(channel, owner_id=name.partition(" ")[0], entry=name.encode(), message=name.encode())
