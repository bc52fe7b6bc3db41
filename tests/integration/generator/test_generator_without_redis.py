"""A generator outlives its Redis, and ends without it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest
from own_valkey import OwnValkey, own_valkey
from publishing import publish
from redis import Redis
from served_shop import SHORT_WAITS
from service_process import ServiceProcess, service, starting_service
from shop import CREDITS, Outcome, Shop

from wearon_devkit.environment import Environment
from wearon_devkit.producer import TryOn

MADE_ONCE = Outcome("completed", None, CREDITS - 1, refunds=0, provider_calls=1)
PATIENT = {**SHORT_WAITS, "OPENAI_TIMEOUT_SECONDS": "60"}  # a call made again would ask Redis first
SECONDS_TO_STOP = 20  # of a busy machine; where it waits for Redis it takes 30 s and more


class Refusal(NamedTuple):
    """What makes a Redis refuse, and what ends that."""

    begins: Callable[[Redis], object]
    ends: Callable[[Redis], object]


REFUSALS = [
    pytest.param(
        Refusal(lambda redis: redis.replicaof("127.0.0.1", "1"), lambda redis: redis.replicaof("NO", "ONE")),
        id="it became a replica",
    ),
    pytest.param(
        Refusal(
            lambda redis: redis.config_set("min-replicas-to-write", 1),
            lambda redis: redis.config_set("min-replicas-to-write", 0),
        ),
        id="it lost its replicas",
    ),
]


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[OwnValkey]:
    with own_valkey(tmp_path / "valkey") as valkey:
        yield valkey


@pytest.fixture
def shop(platform: Environment, valkey: OwnValkey) -> Iterator[Shop]:
    with Shop.opened(replace(platform, redis_url=valkey.url)) as shop:
        yield shop


@pytest.fixture
def generator(shop: Shop, tmp_path: Path) -> Iterator[ServiceProcess]:
    with service("generator", shop.environment, tmp_path / "generator", **PATIENT) as generator:
        yield generator


def begin(shop: Shop, generator: ServiceProcess, latency_s: float) -> TryOn:
    """Have a generation run whose provider call takes a while."""
    try_on = shop.pay(shop.try_on())
    shop.script(try_on, "slow", latency_s=latency_s)
    publish(shop, try_on)
    generator.wait_until(lambda: shop.fault_has_struck(try_on))
    return try_on


def wait_until_redis_is_missed(generator: ServiceProcess) -> None:
    generator.wait_until(lambda: any("Cannot connect" in line for line in generator.lines()))


def test_what_runs_when_redis_is_killed_is_finished_once_and_the_worker_works_on(
    shop: Shop, valkey: OwnValkey, generator: ServiceProcess
) -> None:
    during, across = begin(shop, generator, latency_s=1), begin(shop, generator, latency_s=4)
    valkey.kill()
    wait_until_redis_is_missed(generator)
    assert shop.outcome(during) == MADE_ONCE
    valkey.start_again()
    after = publish(shop, shop.pay(shop.try_on()))
    assert [shop.outcome(across), shop.outcome(after)] == [MADE_ONCE, MADE_ONCE]
    assert generator.child.exit_status() is None


@pytest.mark.parametrize("refusal", REFUSALS)
def test_what_runs_while_redis_refuses_to_write_is_finished_once_and_the_worker_works_on(
    shop: Shop, generator: ServiceProcess, refusal: Refusal
) -> None:
    running = begin(shop, generator, latency_s=4)
    refusal.begins(shop.redis)
    generator.wait_until(lambda: any("Trying to re-establish" in line for line in generator.lines()))
    assert shop.outcome(running) == MADE_ONCE
    assert generator.child.exit_status() is None
    refusal.ends(shop.redis)
    assert shop.outcome(publish(shop, shop.pay(shop.try_on()))) == MADE_ONCE
    assert shop.outcome(running) == MADE_ONCE


def test_a_stop_without_redis_finishes_what_runs_and_then_ends(
    shop: Shop, valkey: OwnValkey, generator: ServiceProcess
) -> None:
    running = begin(shop, generator, latency_s=3)
    valkey.kill()
    wait_until_redis_is_missed(generator)
    status, took_s = generator.stop()
    assert (status, took_s < SECONDS_TO_STOP) == (0, True)
    assert shop.outcome(running) == MADE_ONCE


def test_a_stop_ends_with_what_runs_when_redis_does_not_answer(
    shop: Shop, valkey: OwnValkey, generator: ServiceProcess
) -> None:
    running = begin(shop, generator, latency_s=3)
    with valkey.frozen():
        status, took_s = generator.stop()
    assert (status, took_s < SECONDS_TO_STOP) == (0, True)
    assert generator.events("stopped_without_redis")
    assert shop.outcome(running) == MADE_ONCE


def test_a_generator_that_never_reached_redis_ends_when_it_is_told_to(
    shop: Shop, valkey: OwnValkey, tmp_path: Path
) -> None:
    valkey.kill()
    with starting_service("generator", shop.environment, tmp_path / "generator") as generator:
        wait_until_redis_is_missed(generator)
        status, took_s = generator.stop()
    assert (status, took_s < SECONDS_TO_STOP) == (0, True)
