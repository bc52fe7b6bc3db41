"""The platform's database, as production has it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Self

from wearon_devkit.checkout import MIGRATIONS, PLATFORM_SCHEMA
from wearon_devkit.embedded.postgres import Postgres
from wearon_devkit.processes.child import Child, running
from wearon_devkit.run_folder import RunFolder
from wearon_devkit.sql_files import apply_sql

# Who applies migrations at Supabase: no superuser, so a migration that needs one fails here too.
MIGRATOR = "postgres"


@dataclass(frozen=True)
class Database:
    """An embedded PostgreSQL with the platform's own schema and our migrations on top."""

    url: str
    server: Child

    @classmethod
    @contextmanager
    def run(cls, folder: RunFolder) -> Iterator[Self]:
        """Run a new one, ready for use. Raises `RunFailed`."""
        postgres = Postgres(folder)
        with running([postgres.initdb()], folder) as [initdb]:
            initdb.wait_until_done()
        with running([postgres.server()], folder) as [server]:
            server.wait_until_ready()
            apply_schema(postgres.url)
            yield cls(postgres.url, server)


def apply_schema(database_url: str) -> None:
    """Apply the platform's schema, as its superuser, and then our migrations as production does."""
    apply_sql(database_url, PLATFORM_SCHEMA)
    apply_sql(database_url, MIGRATIONS, role=MIGRATOR)
