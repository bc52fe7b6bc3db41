"""GET /health of a generator tells whether it takes tasks."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path

import pytest
from celery.signals import heartbeat_sent
from own_valkey import OwnValkey, own_valkey
from service_process import starting_service

from wearon_devkit.environment import Environment
from wearon_generator.pulse import Pulse


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[OwnValkey]:
    with own_valkey(tmp_path / "valkey") as valkey:
        yield valkey


def test_a_generator_is_healthy_when_it_reaches_its_queue_and_not_before(
    platform: Environment, valkey: OwnValkey, tmp_path: Path
) -> None:
    valkey.kill()
    environment = replace(platform, redis_url=valkey.url)
    with starting_service("generator", environment, tmp_path / "generator") as generator:
        generator.wait_until(lambda: any("Cannot connect" in line for line in generator.lines()))
        assert generator.health().status_code == HTTPStatus.SERVICE_UNAVAILABLE
        valkey.start_again()
        generator.wait_until(lambda: generator.health().status_code == HTTPStatus.OK)


def test_a_worker_that_falls_silent_is_no_longer_healthy() -> None:
    async def watch() -> list[object]:
        pulse = Pulse(silent_after=timedelta(seconds=0.2))
        statuses = [(await pulse.health())["status"]]
        heartbeat_sent.send(sender=None)
        statuses.append((await pulse.health())["status"])
        await asyncio.sleep(0.3)
        return [*statuses, (await pulse.health())["status"]]

    assert asyncio.run(watch()) == ["starting", "ok", "degraded"]
