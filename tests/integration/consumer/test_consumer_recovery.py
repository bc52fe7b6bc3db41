"""What a dead consumer held is taken over by another one."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from service_process import service
from shop import CREDITS, Shop

from wearon_common import keys
from wearon_common.channel import Channel
from wearon_common.redis_client import connect_redis
from wearon_consumer.entry import digest
from wearon_consumer.inbox import Inbox
from wearon_devkit.environment import Environment
from wearon_devkit.producer import task_of

QUICK = {"CONSUMER_HEARTBEAT_SECONDS": "1", "CONSUMER_ERROR_BACKOFF_SECONDS": "0.2"}


@pytest.fixture
def shop(platform: Environment) -> Iterator[Shop]:
    with Shop.opened(platform) as shop:
        yield shop


def held_entries(shop: Shop) -> int:
    return sum(shop.redis.llen(name) for name in shop.redis.scan_iter(f"{keys.TASKS}:processing:*"))


def leave_behind(shop: Shop, dead_consumer: str, entry: bytes) -> None:
    """Be a consumer that took an entry and died."""
    shop.redis.sadd(keys.CONSUMERS, dead_consumer)
    shop.redis.lpush(keys.processing(dead_consumer), entry)


def test_what_a_dead_consumer_held_is_dispatched_by_another_one(
    shop: Shop, platform: Environment, tmp_path: Path
) -> None:
    try_on = shop.pay(shop.try_on())
    leave_behind(shop, "dead", json.dumps(task_of(try_on)).encode())
    with service("consumer", platform, tmp_path, **QUICK) as consumer:
        [event] = consumer.wait_for_event_of(try_on.session_id, "task_recovered")
        consumer.wait_for_event_of(try_on.session_id, "task_dispatched")
    assert (event["request_id"], event["recoveries"]) == (try_on.request_id, 1)
    assert [m["headers"]["session_id"] for m in shop.queued(Channel.B2C)] == [str(try_on.session_id)]
    assert held_entries(shop) == 0
    assert not shop.redis.exists(keys.RECOVERED)


def test_a_task_that_outlived_three_consumers_is_buried_and_refunded(
    shop: Shop, platform: Environment, tmp_path: Path
) -> None:
    try_on = shop.pay(shop.try_on())
    entry = json.dumps(task_of(try_on)).encode()
    leave_behind(shop, "third-victim", entry)
    shop.redis.hset(keys.RECOVERED, digest(entry), "2")
    with service("consumer", platform, tmp_path, **QUICK) as consumer:
        outcome = shop.outcome(try_on)
        consumer.wait_until(lambda: len(shop.dead_letters()) == 1)
    assert (outcome.status, outcome.balance, outcome.refunds) == ("failed", CREDITS, 1)
    assert shop.dead_letters()[0]["reason"] == "recovered_too_often"
    assert held_entries(shop) == 0
    assert not shop.redis.exists(keys.RECOVERED)


def test_a_consumer_buries_what_it_took_over_and_did_not_hear_about(
    shop: Shop, platform: Environment, tmp_path: Path
) -> None:
    try_on = shop.pay(shop.try_on())
    entry = json.dumps(task_of(try_on)).encode()
    with service("consumer", platform, tmp_path, **QUICK) as consumer:
        name = consumer.wait_for_event("consumer_started")[0]["consumer"]
        shop.redis.hset(keys.RECOVERED, digest(entry), "3")
        shop.redis.lpush(keys.processing(name), entry)
        consumer.wait_until(lambda: len(shop.dead_letters()) == 1)
        outcome = shop.outcome(try_on)
    assert (outcome.status, outcome.balance, outcome.refunds) == ("failed", CREDITS, 1)
    assert shop.dead_letters()[0]["reason"] == "recovered_too_often"
    assert held_entries(shop) == 0
    assert not shop.redis.exists(keys.RECOVERED)


def test_a_living_consumer_keeps_what_it_holds(shop: Shop, platform: Environment, tmp_path: Path) -> None:
    leave_behind(shop, "alive", b"in hand")
    shop.redis.set(keys.heartbeat("alive"), "alive")
    leave_behind(shop, "dead", b"left behind")
    with service("consumer", platform, tmp_path, **QUICK) as consumer:
        consumer.wait_until(lambda: len(shop.dead_letters()) == 1)
    assert shop.dead_letters()[0]["entry"] == "left behind"
    assert shop.redis.lrange(keys.processing("alive"), 0, -1) == [b"in hand"]


def test_two_consumers_recover_each_entry_once(shop: Shop, platform: Environment, tmp_path: Path) -> None:
    entries = [f"entry {number}".encode() for number in range(50)]
    for entry in entries:
        leave_behind(shop, "dead", entry)
    with (
        service("consumer", platform, tmp_path / "first", **QUICK) as first,
        service("consumer", platform, tmp_path / "second", **QUICK),
    ):
        first.wait_until(lambda: len(shop.dead_letters()) == len(entries))
    assert sorted(letter["entry"] for letter in shop.dead_letters()) == sorted(map(bytes.decode, entries))


def test_what_an_unknown_consumer_left_is_recovered_too(
    shop: Shop, platform: Environment, tmp_path: Path
) -> None:
    shop.redis.lpush(keys.processing("never-announced"), b"left behind")
    with service("consumer", platform, tmp_path, **QUICK) as consumer:
        consumer.wait_until(lambda: len(shop.dead_letters()) == 1)
        consumer.wait_until(lambda: not shop.redis.sismember(keys.CONSUMERS, "never-announced"))
    assert shop.dead_letters()[0]["entry"] == "left behind"
    assert held_entries(shop) == 0


def test_unknown_consumers_are_looked_for_at_the_start_and_not_in_each_round(
    shop: Shop, platform: Environment, tmp_path: Path
) -> None:
    def calls(command: str) -> int:
        return int(shop.redis.info("commandstats").get(f"cmdstat_{command}", {}).get("calls", 0))

    shop.redis.config_resetstat()
    with service("consumer", platform, tmp_path, **QUICK) as consumer:
        consumer.wait_until(lambda: calls("smembers") >= 4)  # each round asks who there is
        assert calls("scan") == 1


def test_while_entries_are_being_recovered_they_are_taken_one_at_a_time(
    shop: Shop, platform: Environment
) -> None:
    async def take() -> tuple[int, int]:
        async with connect_redis(platform.redis_url) as redis:
            inbox = Inbox(redis, "taker")
            alone = await inbox.take_many()
            shop.redis.delete(keys.RECOVERED)
            return len(alone), len(await inbox.take_many())

    shop.redis.lpush(keys.TASKS, *(f"entry {number}" for number in range(10)))
    shop.redis.hset(keys.RECOVERED, digest(b"entry 0"), "1")
    assert asyncio.run(take()) == (1, 9)
