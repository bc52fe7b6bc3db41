"""A consumer outlives its Redis."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from own_valkey import OwnValkey, own_valkey
from redis import Redis
from service_process import ServiceProcess, service, starting_service

from wearon_common import keys
from wearon_devkit.contracts.vectors import generation_task_vectors
from wearon_devkit.environment import Environment
from wearon_devkit.ports import free_port

SOON = {"CONSUMER_ERROR_BACKOFF_SECONDS": "0.2", "CONSUMER_HEARTBEAT_SECONDS": "1"}


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[OwnValkey]:
    with own_valkey(tmp_path / "valkey") as valkey:
        yield valkey


@pytest.fixture
def consumer(platform: Environment, valkey: OwnValkey, tmp_path: Path) -> Iterator[ServiceProcess]:
    environment = replace(platform, redis_url=valkey.url)
    with service("consumer", environment, tmp_path / "consumer", **SOON) as consumer:
        yield consumer


def push_task(redis: Redis) -> None:
    redis.lpush(keys.TASKS, json.dumps(generation_task_vectors()[0]["task"]))


def test_a_consumer_works_on_after_redis_was_killed_and_came_back(
    consumer: ServiceProcess, valkey: OwnValkey
) -> None:
    with Redis.from_url(valkey.url) as redis:
        push_task(redis)
        consumer.wait_for_event("task_dispatched")
        valkey.kill()
        consumer.wait_for_event("consumer_error", times=2)
        valkey.start_again()
        push_task(redis)
        consumer.wait_for_event("task_dispatched", times=2)
        assert redis.llen(keys.TASKS) == 0
        consumer.wait_until(lambda: redis.scard(keys.CONSUMERS) == 1)
        assert consumer.health().json()["status"] == "ok"


def test_a_consumer_waits_between_errors(platform: Environment, tmp_path: Path) -> None:
    nowhere = replace(platform, redis_url=f"redis://127.0.0.1:{free_port()}/0")
    with starting_service("consumer", nowhere, tmp_path) as consumer:
        consumer.wait_for_event("consumer_error")
        consumer.wait_for_event("periodic_failed")
        assert len(consumer.events("consumer_error")) == 1  # five seconds by default
