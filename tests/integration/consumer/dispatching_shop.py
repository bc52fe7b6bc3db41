"""A shop with a consumer and no generator: what is dispatched stays where it can be looked at."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from clean_slate import empty_database, empty_redis
from served_shop import SHORT_WAITS
from service_process import ServiceProcess, service
from shop import Shop

from wearon_devkit.backing import Backing


class DispatchingShop(NamedTuple):
    """The shop and its consumer."""

    shop: Shop
    consumer: ServiceProcess


@contextmanager
def dispatching_shop(backing: Backing, directory: Path, **settings: str) -> Iterator[DispatchingShop]:
    """Start a consumer on empty backing services."""
    environment = backing.environment
    empty_database(environment.database_url)
    empty_redis(environment.redis_url)
    with (
        service("consumer", environment, directory, **{**SHORT_WAITS, **settings}) as consumer,
        Shop.opened(environment) as shop,
    ):
        yield DispatchingShop(shop, consumer)
