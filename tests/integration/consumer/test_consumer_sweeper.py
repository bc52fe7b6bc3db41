"""Sessions that nothing will ever end are ended; all others are left alone."""

import asyncio
import json
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from service_process import service
from shop import CREDITS, Outcome, Shop

from wearon_common import keys
from wearon_common.channel import Channel
from wearon_common.redis_client import connect_redis
from wearon_consumer.waiting_tasks import sessions_with_a_task
from wearon_devkit.environment import Environment
from wearon_devkit.producer import TryOn, task_of

QUICK = {"SWEEP_INTERVAL_SECONDS": "0.3", "SWEEP_GRACE_SECONDS": "600"}
NOT_IN_TIME = "We could not finish your image in time. You were not charged. Please try again."
REFUNDED = Outcome("failed", NOT_IN_TIME, balance=CREDITS, refunds=1, provider_calls=0)


@pytest.fixture
def shop(platform: Environment) -> Iterator[Shop]:
    with Shop.opened(platform) as shop:
        yield shop


def in_the_producers_list(shop: Shop, try_on: TryOn) -> None:
    shop.producer.push(json.dumps(task_of(try_on)))


def in_a_consumers_hands(shop: Shop, try_on: TryOn) -> None:
    shop.redis.sadd(keys.CONSUMERS, "busy")
    shop.redis.set(keys.heartbeat("busy"), "alive")
    shop.redis.lpush(keys.processing("busy"), json.dumps(task_of(try_on)))


def in_line_for_celerys_queue(shop: Shop, try_on: TryOn) -> None:
    message = json.dumps({"body": "e30=", "headers": {"session_id": str(try_on.session_id)}})
    shop.redis.zadd(keys.waiting(try_on.channel), {message: 7})


def in_celerys_queue(shop: Shop, try_on: TryOn) -> None:
    message = {"body": "e30=", "headers": {"session_id": str(try_on.session_id)}}
    shop.redis.lpush(try_on.channel.traits.queue, json.dumps(message))


def in_a_generators_hands(shop: Shop, try_on: TryOn) -> None:
    message = {"body": "e30=", "headers": {"session_id": str(try_on.session_id)}}
    held = json.dumps([message, "", try_on.channel.traits.queue])
    shop.redis.hset("unacked", str(try_on.session_id), held)


PLACES: list[Callable[[Shop, TryOn], None]] = [
    in_the_producers_list,
    in_a_consumers_hands,
    in_line_for_celerys_queue,
    in_celerys_queue,
    in_a_generators_hands,
]


async def sessions_found(redis_url: str) -> set[str]:
    async with connect_redis(redis_url) as redis:
        return await sessions_with_a_task(redis)


@pytest.mark.parametrize("put", PLACES)
@pytest.mark.parametrize("channel", list(Channel))
def test_a_task_is_found_wherever_it_waits(
    shop: Shop, put: Callable[[Shop, TryOn], None], channel: Channel
) -> None:
    try_on = shop.try_on(channel)
    put(shop, try_on)
    assert asyncio.run(sessions_found(shop.environment.redis_url)) == {str(try_on.session_id)}


def test_thousands_of_waiting_tasks_are_all_found(shop: Shop) -> None:
    entries = [json.dumps({"session_id": f"session-{number}"}) for number in range(2_500)]
    shop.redis.lpush(keys.TASKS, *entries)
    assert len(asyncio.run(sessions_found(shop.environment.redis_url))) == 2_500


def test_tasks_with_the_longest_prompts_are_found_in_little_memory(shop: Shop) -> None:
    padding = "x" * 96_000
    for number in range(500):
        shop.redis.lpush(keys.TASKS, json.dumps({"session_id": f"session-{number}", "prompt": padding}))
    tracemalloc.start()
    try:
        assert len(asyncio.run(sessions_found(shop.environment.redis_url))) == 500
        most_bytes = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most_bytes < 25_000_000


def paid_an_hour_ago(shop: Shop, channel: Channel = Channel.B2C) -> TryOn:
    try_on = shop.pay(shop.try_on(channel))
    table = {Channel.B2C: "generation_sessions", Channel.B2B: "store_generation_sessions"}[channel]
    statement = f"update public.{table} set created_at = now() - interval '1 hour' where id = %s"
    shop.database.execute(statement, [try_on.session_id])
    return try_on


def test_lost_sessions_are_refunded_and_young_or_waiting_ones_left_alone(
    shop: Shop, platform: Environment, tmp_path: Path
) -> None:
    lost = [paid_an_hour_ago(shop, channel) for channel in Channel]
    waiting = [paid_an_hour_ago(shop) for _ in PLACES]
    for put, try_on in zip(PLACES, waiting, strict=True):
        put(shop, try_on)
    young = shop.pay(shop.try_on())
    with service("consumer", platform, tmp_path, **QUICK) as consumer:
        assert [shop.outcome(try_on) for try_on in lost] == [REFUNDED, REFUNDED]
        later = paid_an_hour_ago(shop)
        assert shop.outcome(later) == REFUNDED
        events = consumer.wait_for_event("session_swept", times=3)
    assert {event["session_id"] for event in events} == {str(t.session_id) for t in (*lost, later)}
    assert {shop.row(try_on)["status"] for try_on in (*waiting, young)} == {"queued"}


def test_of_two_consumers_only_one_sweeps(shop: Shop, platform: Environment, tmp_path: Path) -> None:
    with (
        service("consumer", platform, tmp_path / "first", **QUICK) as first,
        service("consumer", platform, tmp_path / "second", **QUICK) as second,
    ):
        lost = [paid_an_hour_ago(shop) for _ in range(5)]
        assert [shop.outcome(try_on) for try_on in lost] == [REFUNDED] * 5
        first.wait_until(lambda: len(first.events("session_swept") + second.events("session_swept")) == 5)
        assert sorted(len(consumer.events("session_swept")) for consumer in (first, second)) == [0, 5]
