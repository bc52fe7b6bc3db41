"""How much waits where, and for how long, as the consumer shows it."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from clean_slate import empty_redis
from integration.consumer.dispatching_shop import DispatchingShop, dispatching_shop
from scrape import Scrape
from service_process import ServiceProcess
from shop import Shop

from wearon_common import keys
from wearon_common.channel import Channel
from wearon_devkit.backing import Backing
from wearon_devkit.producer import task_of

# One task in each of Celery's queues, one in fair order, and the others stay in the app's list.
NARROW = {"CELERY_QUEUE_LIMIT": "1", "MOST_WAITING_TASKS": "1"}
AGE = timedelta(minutes=10)
AGE_S = pytest.approx(AGE.total_seconds(), abs=60)
IN_TEN_MINUTES_S = time.time() + 600


@pytest.fixture(scope="module")
def narrow_desk(backing: Backing, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DispatchingShop]:
    with dispatching_shop(backing, tmp_path_factory.mktemp("queues"), **NARROW) as desk:
        yield desk


@pytest.fixture
def desk(narrow_desk: DispatchingShop) -> DispatchingShop:
    empty_redis(narrow_desk.shop.environment.redis_url)
    return narrow_desk


def old_task(shop: Shop, channel: Channel) -> str:
    return json.dumps(task_of(shop.try_on(channel)) | {"created_at": (datetime.now(UTC) - AGE).isoformat()})


def wait_for_entries(consumer: ServiceProcess, expected: dict[str, int]) -> Scrape:
    """Scrape until the queues hold so many; give the scrape."""
    wanted = {(queue,): count for queue, count in expected.items()}
    consumer.wait_until(lambda: Scrape.of(consumer.url).moved("wearon_queue_entries") == wanted)
    return Scrape.of(consumer.url)


def test_tasks_are_shown_with_their_age_wherever_they_wait(desk: DispatchingShop) -> None:
    shop, consumer = desk
    for dispatched in (1, 2):
        shop.producer.push(old_task(shop, Channel.B2C))
        consumer.wait_for_event("task_dispatched", times=dispatched)
    for _ in range(3):
        shop.producer.push(old_task(shop, Channel.B2C))
    shop.redis.sadd(keys.CONSUMERS, "busy")
    shop.redis.set(keys.heartbeat("busy"), "alive")
    shop.redis.lpush(keys.processing("busy"), old_task(shop, Channel.B2B))
    shop.redis.zadd("unacked_index", {"held": time.time() - AGE.total_seconds()})
    shown = wait_for_entries(
        consumer, {"tasks": 3, "processing": 1, "waiting_b2c": 1, "celery_b2c": 1, "unacked": 1}
    )
    assert shown.moved("wearon_queue_oldest_seconds") == dict.fromkeys(
        [("tasks",), ("processing",), ("waiting_b2c",), ("celery_b2c",), ("unacked",)], AGE_S
    )
    assert shown.value("wearon_consumers_alive") == 2
    assert shown.value("wearon_queues_read_timestamp_seconds") == pytest.approx(time.time(), abs=60)


def test_an_entry_that_nobody_understands_has_no_age(desk: DispatchingShop) -> None:
    shop, consumer = desk
    shop.redis.sadd(keys.CONSUMERS, "busy")
    shop.redis.set(keys.heartbeat("busy"), "alive")
    shop.redis.lpush(keys.processing("busy"), "[" * 10_000)
    shown = wait_for_entries(consumer, {"processing": 1})
    assert shown.value("wearon_queue_oldest_seconds", queue="processing") == 0


def test_a_pause_of_the_provider_is_shown_until_it_is_forgotten(desk: DispatchingShop) -> None:
    shop, consumer = desk
    shop.redis.set(keys.PROVIDER_PAUSED_UNTIL, f"{IN_TEN_MINUTES_S * 1e6:.0f}")
    name = "wearon_limiter_paused_until_timestamp_seconds"
    consumer.wait_until(lambda: Scrape.of(consumer.url).value(name) == pytest.approx(IN_TEN_MINUTES_S))
    shop.redis.delete(keys.PROVIDER_PAUSED_UNTIL)
    consumer.wait_until(lambda: Scrape.of(consumer.url).value(name) == 0)
