"""The database and the Redis of a run, as the app's server reaches them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import psycopg
from redis import Redis

from wearon_devkit.environment import Environment


class Stores(NamedTuple):
    """Open connections; each statement is a transaction of its own unless told otherwise."""

    database: psycopg.Connection[Any]
    redis: Redis


@contextmanager
def open_stores(environment: Environment) -> Iterator[Stores]:
    """Connect until the context ends; raises psycopg's errors, Redis' with the first command."""
    with (
        psycopg.connect(environment.database_url, autocommit=True) as database,
        Redis.from_url(environment.redis_url) as redis,
    ):
        yield Stores(database, redis)
