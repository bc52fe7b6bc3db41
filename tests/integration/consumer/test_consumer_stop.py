"""A consumer stops within two seconds, whatever Redis does, and loses nothing."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from signal import SIGINT, SIGTERM, Signals

import pytest
from own_valkey import OwnValkey, own_valkey
from service_process import ServiceProcess, service, starting_service
from shop import Shop

from wearon_common import keys
from wearon_common.channel import Channel
from wearon_devkit.environment import Environment
from wearon_devkit.ports import free_port

SOON_S = 5  # the promise is 2; the machine may be busy


@pytest.fixture
def shop(platform: Environment) -> Iterator[Shop]:
    with Shop.opened(platform) as shop:
        yield shop


def stops_soon(consumer: ServiceProcess, signal: Signals = SIGTERM) -> bool:
    status, took_s = consumer.stop(signal)
    return status == 0 and took_s < SOON_S


@pytest.mark.parametrize("signal", [SIGTERM, SIGINT])
def test_a_consumer_in_the_middle_of_many_tasks_stops_soon_and_loses_none(
    shop: Shop, tmp_path: Path, signal: Signals
) -> None:
    for _ in range(300):
        shop.producer.push('{"version": 1}')
    for _ in range(100):
        shop.submit()
    with service("consumer", shop.environment, tmp_path) as consumer:
        assert stops_soon(consumer, signal)
        assert consumer.events("consumer_stopped")
    redis = shop.redis
    assert not list(redis.scan_iter(f"{keys.TASKS}:processing:*"))
    places = [redis.llen(name) for name in (keys.TASKS, keys.DEAD_LETTERS, Channel.B2C.traits.queue)]
    assert sum(places) + redis.zcard(keys.waiting(Channel.B2C)) == 400


def test_a_consumer_without_redis_stops_soon(platform: Environment, tmp_path: Path) -> None:
    nowhere = replace(platform, redis_url=f"redis://127.0.0.1:{free_port()}/0")
    with starting_service("consumer", nowhere, tmp_path) as consumer:
        consumer.wait_for_event("consumer_error")
        assert stops_soon(consumer)


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[OwnValkey]:
    with own_valkey(tmp_path / "valkey") as valkey:
        yield valkey


def test_a_consumer_whose_redis_hangs_stops_soon(
    platform: Environment, valkey: OwnValkey, tmp_path: Path
) -> None:
    hanging = replace(platform, redis_url=valkey.url)
    with service("consumer", hanging, tmp_path / "consumer") as consumer, valkey.frozen():
        assert stops_soon(consumer)
