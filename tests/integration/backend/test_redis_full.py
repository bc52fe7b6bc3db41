"""A full Redis takes nothing new, and costs nobody a credit."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from redis import Redis
from served_shop import SHORT_WAITS
from service_process import service
from shop import CREDITS, Outcome, Shop

from wearon_common.channel import Channel
from wearon_devkit.environment import Environment
from wearon_devkit.producer import PushFailedError, TryOn

NOT_IN_TIME = "We could not finish your image in time. You were not charged. Please try again."
MADE_ONCE = Outcome("completed", None, CREDITS - 1, refunds=0, provider_calls=1)
# kombu may take a message from its list and then be refused to note it: only the sweeper can end that one.
REFUNDED = Outcome("failed", NOT_IN_TIME, CREDITS, refunds=1, provider_calls=0)
SWEEP_SOON = {"SWEEP_INTERVAL_SECONDS": "0.5", "SWEEP_GRACE_SECONDS": "3"}
ROOM_BYTES = 2_000_000
FULL_S = 5.0
LONG_PROMPT = "x" * 30_000


@pytest.fixture
def shop(platform: Environment) -> Iterator[Shop]:
    with Shop.opened(platform) as shop:
        yield shop


@contextmanager
def little_memory(redis: Redis) -> Iterator[None]:
    """Leave room for a few dozen tasks."""
    redis.config_set("maxmemory", redis.info("memory")["used_memory"] + ROOM_BYTES)
    try:
        yield
    finally:
        redis.config_set("maxmemory", 0)


def fill(shop: Shop) -> list[TryOn]:
    """Ask for try-ons until Redis refuses, and give those that it took."""
    asked: list[TryOn] = []
    while True:
        try_on = shop.try_on(Channel.B2C, prompt=LONG_PROMPT)
        try:
            shop.producer.submit(try_on)
        except PushFailedError:
            return asked
        asked.append(try_on)


def test_what_a_full_redis_holds_ends_when_it_gets_room(shop: Shop, tmp_path: Path) -> None:
    environment = shop.environment
    _ = shop.pictures
    with (
        service("consumer", environment, tmp_path / "consumer", **SHORT_WAITS, **SWEEP_SOON) as consumer,
        service("generator", environment, tmp_path / "generator", **SHORT_WAITS) as generator,
    ):
        with little_memory(shop.redis):
            asked = fill(shop)
            time.sleep(FULL_S)
            consumer.child.require_running()
            generator.child.require_running()
        shop.wait_until_ended(*asked)
    outcomes = Counter(shop.outcome(try_on) for try_on in asked)
    assert set(outcomes) <= {MADE_ONCE, REFUNDED}
    assert outcomes[MADE_ONCE] > outcomes[REFUNDED]
