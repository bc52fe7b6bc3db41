"""Fixtures: the stand-in and a PostgREST, side by side on a database of their own.

Whoever uses them says where the PostgREST comes from, by two fixtures: `postgres`, the URL of a server, and
`postgrest_url`, the URL of a PostgREST on `contract_database` that trusts `JWT_SECRET`.
"""

from collections.abc import Iterator
from pathlib import Path

import jwt
import psycopg
import pytest
from contract.both_servers import BothServers, make_caller
from fixtures_supabase_local import running_stand_in
from psycopg.conninfo import make_conninfo

from wearon_devkit.database import apply_schema

JWT_SECRET = "a secret that is long enough for HS256"
DATABASE = "contract"
AUTHENTICATOR = "authenticator"
FUNCTIONS = Path(__file__).with_name("functions.sql")


@pytest.fixture(scope="session")
def contract_database(postgres: str) -> str:
    """Return a database with the platform's schema, our migrations and the contract's functions."""
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"create database {DATABASE}")
        connection.execute(f"alter role {AUTHENTICATOR} password '{AUTHENTICATOR}'")
    database_url = make_conninfo(postgres, dbname=DATABASE)
    apply_schema(database_url)
    with psycopg.connect(database_url) as connection:
        connection.execute(FUNCTIONS.read_bytes())
    return database_url


@pytest.fixture(scope="session")
def stand_in_url(contract_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the URL of the stand-in."""
    directory = tmp_path_factory.mktemp("stand_in")
    with running_stand_in(contract_database, directory, _key("service_role"), _key("anon")) as stand_in:
        yield stand_in.url


@pytest.fixture(scope="session")
def as_service(postgrest_url: str, stand_in_url: str, contract_database: str) -> BothServers:
    """Return both servers, called with the service key."""
    return _both(postgrest_url, stand_in_url, contract_database, _key("service_role"))


@pytest.fixture(scope="session")
def as_anon(postgrest_url: str, stand_in_url: str, contract_database: str) -> BothServers:
    """Return both servers, called with the anon key."""
    return _both(postgrest_url, stand_in_url, contract_database, _key("anon"))


def _both(postgrest_url: str, stand_in_url: str, database_url: str, key: str) -> BothServers:
    return BothServers(
        database_url, make_caller(postgrest_url, "", key), make_caller(stand_in_url, "/rest/v1", key)
    )


def _key(role: str) -> str:
    return jwt.encode({"role": role}, JWT_SECRET, "HS256")
