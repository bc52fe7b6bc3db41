"""A shop whose try-ons are really made: by one consumer and one generator that do not wait for long."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from service_process import ServiceProcess, service
from shop import Shop

from wearon_devkit.backing import Backing

OPENAI_LATENCY_S = "0.2"
SHORT_WAITS: Mapping[str, str] = {
    "OPENAI_TIMEOUT_SECONDS": "3",
    "OPENAI_REQUESTS_PER_MINUTE": "6000",
    "THROTTLE_DELAY_SECONDS": "1",
    "WORKER_CONCURRENCY": "40",
    "CONSUMER_ERROR_BACKOFF_SECONDS": "0.2",
}


class ServedShop(NamedTuple):
    """The shop and who works for it."""

    shop: Shop
    consumer: ServiceProcess
    generator: ServiceProcess


@contextmanager
def served_shop(directory: Path, **settings: str) -> Iterator[ServedShop]:
    """Start backing services, a consumer and a generator in a new directory."""
    settings = {**SHORT_WAITS, **settings}
    with (
        Backing.start(directory / "backing", OPENAI_LATENCY_S) as backing,
        service("consumer", backing.environment, directory / "consumer", **settings) as consumer,
        service("generator", backing.environment, directory / "generator", **settings) as generator,
        Shop.opened(backing.environment) as shop,
    ):
        yield ServedShop(shop, consumer, generator)
