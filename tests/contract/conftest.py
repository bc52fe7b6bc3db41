"""PostgREST and the stand-in, side by side on a database of their own."""

from collections.abc import Iterator
from pathlib import Path

import jwt
import psycopg
import pytest
from contract.both_servers import BothServers, make_caller
from contract.postgrest_server import installed_postgrest, postgrest_program
from fixtures_supabase_local import running_stand_in
from psycopg.conninfo import make_conninfo

from wearon_devkit.database import apply_schema
from wearon_devkit.ports import free_port
from wearon_devkit.processes.child import running
from wearon_devkit.run_folder import RunFolder

JWT_SECRET = "a secret that is long enough for HS256"
FUNCTIONS = Path(__file__).with_name("functions.sql")


@pytest.fixture(scope="session")
def contract_database(postgres: str) -> str:
    """Return a database with the platform's schema, our migrations and the contract's functions."""
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute("create database contract")
        connection.execute("alter role authenticator password 'authenticator'")
    database_url = make_conninfo(postgres, dbname="contract")
    apply_schema(database_url)
    with psycopg.connect(database_url) as connection:
        connection.execute(FUNCTIONS.read_bytes())
    return database_url


@pytest.fixture(scope="session")
def _rest_urls(contract_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """Return the URLs of PostgREST and of the stand-in."""
    binary = installed_postgrest()
    port = free_port()
    as_authenticator = make_conninfo(contract_database, user="authenticator", password="authenticator")
    program = postgrest_program(binary, port, as_authenticator, JWT_SECRET)
    with (
        RunFolder.claim(tmp_path_factory.mktemp("postgrest")) as folder,
        running([program], folder) as [child],
        running_stand_in(
            contract_database, tmp_path_factory.mktemp("stand_in"), _key("service_role"), _key("anon")
        ) as stand_in,
    ):
        child.wait_until_ready()
        yield f"http://127.0.0.1:{port}", stand_in.url


@pytest.fixture(scope="session")
def as_service(_rest_urls: tuple[str, str], contract_database: str) -> BothServers:
    """Return both servers, called with the service key."""
    return _both(_rest_urls, contract_database, _key("service_role"))


@pytest.fixture(scope="session")
def as_anon(_rest_urls: tuple[str, str], contract_database: str) -> BothServers:
    """Return both servers, called with the anon key."""
    return _both(_rest_urls, contract_database, _key("anon"))


def _both(urls: tuple[str, str], database_url: str, key: str) -> BothServers:
    postgrest_url, stand_in_url = urls
    return BothServers(
        database_url, make_caller(postgrest_url, "", key), make_caller(stand_in_url, "/rest/v1", key)
    )


def _key(role: str) -> str:
    return jwt.encode({"role": role}, JWT_SECRET, "HS256")
