"""The contract holds against the official PostgREST on the official PostgreSQL."""

from collections.abc import Iterator

import pytest
from containers.official_images.official_images import DATABASE_HOST, running_postgres, running_postgrest
from contract.postgrest_server import postgrest_settings
from contract.side_by_side import *  # noqa: F403 - its fixtures
from contract.side_by_side import AUTHENTICATOR, DATABASE, JWT_SECRET
from contract.test_function_contract import *  # noqa: F403 - the same tests, against the servers below
from contract.test_table_contract import *  # noqa: F403 - as above
from testcontainers.core.network import Network

from wearon_devkit.database import apply_schema


@pytest.fixture(scope="session")
def network() -> Iterator[Network]:
    """Return a network that the two share."""
    with Network() as network:
        yield network


@pytest.fixture(scope="session")
def postgres(network: Network) -> Iterator[str]:
    """Return the URL of an official PostgreSQL, the platform's roles in it."""
    with running_postgres(network) as url:
        apply_schema(url)
        yield url


@pytest.fixture(scope="session")
def postgrest_url(contract_database: str, network: Network) -> Iterator[str]:
    """Return the URL of an official PostgREST on the contract's database."""
    database_url = f"postgresql://{AUTHENTICATOR}:{AUTHENTICATOR}@{DATABASE_HOST}:5432/{DATABASE}"
    with running_postgrest(postgrest_settings(database_url, JWT_SECRET), network) as url:
        yield url
