"""Apply SQL files to a database."""

from pathlib import Path

import psycopg
from psycopg import sql

from wearon_devkit.run_failed import RunFailed


class SqlFileFailed(RunFailed):
    """The database refused a file; none of it is applied."""


def apply_sql(database_url: str, directory: Path, *, role: str | None = None) -> list[str]:
    """Apply every `*.sql` of `directory` in the order of their names, each in a transaction of its own.

    With `role`, the files run with that role's rights and what they create belongs to it. Returns the names.
    Raises `SqlFileFailed` for the first one that fails.
    """
    files = sorted(directory.glob("*.sql"))
    with psycopg.connect(database_url, autocommit=True) as connection:
        if role:
            connection.execute(sql.SQL("set role {}").format(sql.Identifier(role)))
        for file in files:
            _apply(connection, file)
    return [file.name for file in files]


def _apply(connection: psycopg.Connection, file: Path) -> None:
    try:
        with connection.transaction():
            connection.execute(file.read_bytes())
    except psycopg.Error as error:
        raise SqlFileFailed(f"{file}: {error}") from error
