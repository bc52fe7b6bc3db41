"""A backend that works under a steady small load, and a Prometheus that watches it."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from signal import Signals
from typing import Any, Self
from uuid import UUID

import psycopg
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from alarms.prometheus_client import PrometheusClient
from wearon_common.channel import Channel
from wearon_devkit.checkout import ALERT_RULES
from wearon_devkit.environment import Environment
from wearon_devkit.monitoring.configuration import local_configuration
from wearon_devkit.monitoring.prometheus import prometheus
from wearon_devkit.picture_store import PictureStore
from wearon_devkit.pictures import GARMENTS, PERSONS
from wearon_devkit.ports import free_port
from wearon_devkit.processes.child import running
from wearon_devkit.producer import Producer, PushFailedError, TryOn
from wearon_devkit.run_folder import RunFolder
from wearon_devkit.services import StackPlan
from wearon_devkit.stack import Stack

_CREDITS = 1_000_000
# The defaults of production, which the local platform otherwise shortens.
_TIMES = {
    "BROKER_VISIBILITY_TIMEOUT_SECONDS": "420",
    "CONSUMER_HEARTBEAT_SECONDS": "15",
    "GENERATION_LEASE_SECONDS": "90",
    "SWEEP_GRACE_SECONDS": "300",
    "SWEEP_INTERVAL_SECONDS": "30",
    "WORKER_CONCURRENCY": "20",
}
_PLAN = StackPlan(openai_latency_s="1-3", variables=_TIMES)
# While Redis is away the other scenes must not wait.
_ONE_TRY = Retry(NoBackoff(), 0)
_REDIS_TIMEOUT_S = 0.5


@dataclass(frozen=True)
class Scene:
    """One backend, all of its own. Nothing is revived: what is killed stays dead."""

    stack: Stack
    database: psycopg.Connection[Any]
    producer: Producer
    prometheus: PrometheusClient
    _shopper: UUID
    _picture_urls: tuple[str, ...]

    @classmethod
    @contextmanager
    def open(cls, directory: Path) -> Iterator[Self]:
        """Start everything in `directory`, until the context ends. Raises `RunFailed`."""
        port = free_port()
        with (
            Stack.start(directory, _PLAN) as stack,
            _watching(stack.environment, directory, port),
            psycopg.connect(stack.environment.database_url, autocommit=True) as database,
            _redis(stack.environment.redis_url) as redis,
        ):
            producer = Producer(database, redis)
            pictures = PictureStore(stack.environment)
            urls = tuple(pictures.upload(picture) for picture in (PERSONS[0], GARMENTS[0]))
            shopper = producer.add_user(_CREDITS)
            yield cls(stack, database, producer, PrometheusClient(port), shopper, urls)

    def submit(self) -> None:
        """Ask for a try-on as the app does, which takes it back when Redis is away."""
        with suppress(PushFailedError):
            self.producer.submit(TryOn(Channel.B2C, self._shopper, self._picture_urls))

    def send(self, signal: Signals, name: str) -> None:
        """Send a signal to every process whose name begins with `name`."""
        for child in self.stack.children:
            if child.name.startswith(name):
                child.send(signal)

    def firing(self) -> set[str]:
        """Return the names of the alerts that fire now."""
        return {alert["labels"]["alertname"] for alert in self.prometheus.firing()}


def _redis(url: str) -> Redis:
    return Redis.from_url(url, socket_timeout=_REDIS_TIMEOUT_S, retry=_ONE_TRY)


@contextmanager
def _watching(environment: Environment, directory: Path, port: int) -> Iterator[None]:
    configuration = local_configuration(environment, ALERT_RULES)
    with (
        RunFolder.claim(directory / "monitor") as folder,
        running([prometheus(port, configuration, ALERT_RULES, folder)], folder) as [child],
    ):
        child.wait_until_ready()
        yield
