"""The contract is held against the PostgREST that npm has."""

from collections.abc import Iterator

import pytest
from contract.postgrest_server import installed_postgrest, postgrest_program
from contract.side_by_side import (  # noqa: F401 - fixtures of the tests here
    AUTHENTICATOR,
    JWT_SECRET,
    as_anon,
    as_service,
    contract_database,
    stand_in_url,
)
from psycopg.conninfo import make_conninfo

from wearon_devkit.ports import free_port
from wearon_devkit.processes.child import running
from wearon_devkit.run_folder import RunFolder


@pytest.fixture(scope="session")
def postgrest_url(
    contract_database: str,  # noqa: F811 - the fixture of that name
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """Return the URL of PostgREST."""
    binary = installed_postgrest()
    port = free_port()
    database_url = make_conninfo(contract_database, user=AUTHENTICATOR, password=AUTHENTICATOR)
    program = postgrest_program(binary, port, database_url, JWT_SECRET)
    with (
        RunFolder.claim(tmp_path_factory.mktemp("postgrest")) as folder,
        running([program], folder) as [child],
    ):
        child.wait_until_ready()
        yield f"http://127.0.0.1:{port}"
