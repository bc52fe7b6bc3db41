"""The production file's celery-exporter, in front of a real generator and a Redis that goes away."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from containers.engine import docker
from containers.images import can_be_had
from containers.production_file import read_production
from own_valkey import OwnValkey, own_valkey
from processes import wait_for
from publishing import publish
from redis import Redis
from scrape import Scrape
from served_shop import SHORT_WAITS
from service_process import service
from shop import Shop

from wearon_common.settings import BrokerSettings
from wearon_devkit.environment import Environment
from wearon_devkit.ports import free_port

QUEUES = ("generation.b2b", "generation.b2c")


@pytest.fixture(scope="module")
def production() -> dict[str, Any]:
    exporter: dict[str, Any] = read_production()["services"]["celery-exporter"]
    return exporter


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[OwnValkey]:
    with own_valkey(tmp_path / "valkey") as valkey:
        yield valkey


@pytest.fixture
def exporter_url(production: dict[str, Any], valkey: OwnValkey) -> Iterator[str]:
    image = production["image"]
    if not can_be_had(image):
        pytest.skip(f"needs {image}")
    name, port = f"wearon-exporter-{uuid4().hex[:8]}", free_port()
    flags = [flag for flag in production["command"] if not flag.startswith(("--broker-url", "--port"))]
    broker = [f"--broker-url={valkey.url}", f"--port={port}"]
    docker("run", "--detach", "--name", name, "--network", "host", image, *flags, *broker)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        docker("rm", "--force", name)


def shown(url: str) -> Scrape | None:
    try:
        return Scrape.of(url)
    except httpx.HTTPError:
        return None


def wait_for_value(url: str, value: float, name: str, /, **labels: str) -> None:
    def is_there() -> bool:
        scrape = shown(url)
        return scrape is not None and scrape.has(name, **labels) and scrape.value(name, **labels) == value

    assert wait_for(is_there, 90), f"{name}{labels} did not become {value}"


def subscriptions(valkey: OwnValkey) -> int:
    """Count what the exporter and the worker listen to; an event that nobody listens to is lost."""
    with Redis.from_url(valkey.url) as redis:
        return int(redis.pubsub_numpat())


def test_it_gives_messages_back_no_sooner_than_the_workers(production: dict[str, Any]) -> None:
    visibility_timeout_s = BrokerSettings(
        redis_url="redis://localhost"
    ).broker_visibility_timeout.total_seconds()
    assert f"--broker-transport-option=visibility_timeout={visibility_timeout_s:.0f}" in production["command"]


def test_it_knows_both_queues_and_counts_on_after_redis_was_away(
    exporter_url: str, valkey: OwnValkey, platform: Environment, tmp_path: Path
) -> None:
    environment = replace(platform, redis_url=valkey.url)
    for queue in QUEUES:
        wait_for_value(exporter_url, 0, "celery_queue_length", queue_name=queue)
        wait_for_value(exporter_url, 0, "celery_active_worker_count", queue_name=queue)
    with (
        service("generator", environment, tmp_path / "generator", **SHORT_WAITS),
        Shop.opened(environment) as shop,
    ):
        for queue in QUEUES:
            wait_for_value(exporter_url, 1, "celery_active_worker_count", queue_name=queue)
        shop.wait_until_ended(publish(shop, shop.pay(shop.try_on())))
        wait_for_value(exporter_url, 1, "celery_task_succeeded_total", name="wearon.generate")
        wait_for_value(exporter_url, 1, "celery_task_runtime_bucket", name="wearon.generate", le="120.0")

        listening = subscriptions(valkey)
        valkey.kill()
        time.sleep(2)
        valkey.start_again()
        assert wait_for(lambda: subscriptions(valkey) >= listening, 90), "somebody does not listen again"
        shop.wait_until_ended(publish(shop, shop.pay(shop.try_on())))
        wait_for_value(exporter_url, 2, "celery_task_succeeded_total", name="wearon.generate")
