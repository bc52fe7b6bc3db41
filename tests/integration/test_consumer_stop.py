"""A consumer stops within two seconds, whatever Redis does, and loses nothing."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from signal import SIGINT, SIGTERM, Signals
from urllib.parse import urlsplit

import pytest
from own_valkey import OwnValkey, own_valkey
from service_process import ServiceProcess, service, starting_service
from shop import Shop
from tcp_proxy import TcpProxy, tcp_proxy

from wearon_common import keys
from wearon_common.channel import Channel
from wearon_devkit.chaos.leftovers import left_in_redis
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
    assert sum(places) == 400


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


@pytest.fixture
def blocked_shop(platform: Environment) -> Iterator[tuple[Shop, TcpProxy, Environment]]:
    """A shop, and an environment whose way to the shop's Redis can be blocked."""
    port = urlsplit(platform.redis_url).port or 0
    with tcp_proxy(port) as proxy, Shop.opened(platform) as shop:
        yield shop, proxy, replace(platform, redis_url=f"redis://127.0.0.1:{proxy.port}/0")


def test_a_consumer_that_cannot_publish_stops_soon_and_loses_nothing(
    blocked_shop: tuple[Shop, TcpProxy, Environment], tmp_path: Path
) -> None:
    shop, proxy, environment = blocked_shop
    with service("consumer", environment, tmp_path) as consumer:
        proxy.blocks_new = True  # publishing needs a connection of its own
        try_on = shop.submit()
        consumer.wait_until(lambda: bool(list(shop.redis.scan_iter(f"{keys.TASKS}:processing:*"))))
        assert stops_soon(consumer)
    # Given back, or, on a busy machine, left for the consumer that takes over.
    assert sum(left_in_redis(shop.redis).values()) == 1
    assert shop.row(try_on)["status"] == "queued"
