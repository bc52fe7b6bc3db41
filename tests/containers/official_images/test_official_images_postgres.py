"""What holds on the embedded PostgreSQL and Valkey holds on the official images."""

from collections.abc import Iterator

import pytest
from containers.official_images.official_images import running_postgres, running_redis
from integration.sessions.test_session_functions import *  # noqa: F403 - the same tests, on the servers below
from integration.sessions.test_session_waits import *  # noqa: F403 - as above
from testcontainers.core.network import Network

from wearon_devkit.database import apply_schema


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Return the URL of an official PostgreSQL, the platform's schema and our migrations in it."""
    with Network() as network, running_postgres(network) as url:
        apply_schema(url)
        yield url


@pytest.fixture(scope="session")
def valkey() -> Iterator[str]:
    """Return the URL of a Redis in the place of the embedded Valkey."""
    with running_redis() as url:
        yield url
