"""How a generator ends: in its own time, at a deadline, or killed in the middle of its work."""

from collections.abc import Iterator
from pathlib import Path
from signal import SIGKILL
from typing import Any

import pytest
from publishing import publish
from served_shop import SHORT_WAITS
from service_process import service
from shop import CREDITS, Outcome, Shop

from wearon_common.channel import Channel
from wearon_devkit.environment import Environment
from wearon_devkit.producer import TryOn

TOOK_TOO_LONG = "Your image took too long to finish. You were not charged. Please try again."
NOT_IN_TIME = "We could not finish your image in time. You were not charged. Please try again."
ONE_AT_A_TIME = {**SHORT_WAITS, "WORKER_CONCURRENCY": "1"}
# What a killed generator held is free again after this.
SOON_FREE = {
    "GENERATION_LEASE_SECONDS": "2",
    "BROKER_VISIBILITY_TIMEOUT_SECONDS": "3",
    "SWEEP_INTERVAL_SECONDS": "1",
    "SWEEP_GRACE_SECONDS": "1",
}


@pytest.fixture
def waiting_shop(platform: Environment) -> Iterator[Shop]:
    """A shop that nobody works for."""
    with Shop.opened(platform) as shop:
        yield shop


def test_a_stopping_generator_finishes_what_it_has_begun_and_begins_nothing_more(
    waiting_shop: Shop, tmp_path: Path
) -> None:
    shop = waiting_shop
    begun, waiting = shop.pay(shop.try_on()), shop.pay(shop.try_on())
    shop.script(begun, "slow", latency_s=1.5)
    with service("generator", shop.environment, tmp_path / "generator", **ONE_AT_A_TIME) as generator:
        publish(shop, begun)
        generator.wait_until(lambda: shop.fault_has_struck(begun))
        publish(shop, waiting)
        assert generator.stop()[0] == 0
    assert shop.outcome(begun) == Outcome("completed", None, CREDITS - 1, refunds=0, provider_calls=1)
    assert shop.row(waiting)["status"] == "queued"
    assert [m["headers"]["session_id"] for m in shop.queued(Channel.B2C)] == [str(waiting.session_id)]


def test_a_generation_that_takes_longer_than_anybody_should_wait_is_refunded(
    waiting_shop: Shop, tmp_path: Path
) -> None:
    shop = waiting_shop
    settings = {**SHORT_WAITS, "GENERATION_DEADLINE_SECONDS": "0.8", "OPENAI_TIMEOUT_SECONDS": "30"}
    try_on = shop.pay(shop.try_on())
    shop.script(try_on, "hang")
    with service("generator", shop.environment, tmp_path / "generator", **settings):
        publish(shop, try_on)
        assert shop.outcome(try_on) == Outcome("failed", TOOK_TOO_LONG, CREDITS, refunds=1, provider_calls=1)


def test_what_a_killed_generator_held_ends_once(waiting_shop: Shop, tmp_path: Path) -> None:
    shop = waiting_shop
    settings = {**SHORT_WAITS, **SOON_FREE}
    with_task, without_task = shop.pay(shop.try_on(Channel.B2B)), shop.pay(shop.try_on())
    with service("generator", shop.environment, tmp_path / "killed", **settings) as killed:
        for try_on in (without_task, with_task):
            shop.script(try_on, "hang", times=1)
            publish(shop, try_on)
        killed.wait_until(lambda: all(map(shop.fault_has_struck, (without_task, with_task))))
        killed.stop(SIGKILL)
    lose_the_task_of(shop, without_task)
    with (
        service("consumer", shop.environment, tmp_path / "consumer", **settings),
        service("generator", shop.environment, tmp_path / "next", **settings) as following,
    ):
        made, refunded = shop.outcome(with_task), shop.outcome(without_task)
        assert following.events("generation_claimed")[0]["attempt"] == 2
    assert made == Outcome("completed", None, CREDITS - 1, refunds=0, provider_calls=2)
    assert refunded == Outcome("failed", NOT_IN_TIME, CREDITS, refunds=1, provider_calls=1)


def lose_the_task_of(shop: Shop, try_on: TryOn) -> None:
    """Be a Redis that restarts without its latest writes."""
    held: Any = shop.redis.hgetall("unacked")
    [tag] = [tag for tag, message in held.items() if str(try_on.session_id).encode() in message]
    shop.redis.hdel("unacked", tag)
    shop.redis.zrem("unacked_index", tag)
