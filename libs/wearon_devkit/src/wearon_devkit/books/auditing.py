from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import dict_row

from wearon_common.channel import Channel
from wearon_devkit.books import statements
from wearon_devkit.books.kinds import ImbalanceKind, NoticeKind
from wearon_devkit.books.patience import Patience
from wearon_devkit.books.report import ChannelTotals, Finding, Report

CONNECT_TIMEOUT_S = 10
STATEMENT_TIMEOUT = "60s"

Row = dict[str, Any]
Connection = psycopg.Connection[Row]


class BooksUnreadableError(Exception):
    """The database cannot be read; the message says why, in one line and without secrets."""


def audit(database_url: str, patience: Patience | None = None) -> Report:
    """Read the books, as they are at one moment, and explain every session and every credit.

    Only reads: a role that may `select` is enough, if row level security hides nothing from it.
    Raises `BooksUnreadableError`.
    """
    parameters = asdict(patience or Patience())
    with _snapshot(database_url) as connection:
        return Report(
            totals=tuple(
                ChannelTotals(**{**row, "channel": Channel(row["channel"])})
                for row in connection.execute(statements.totals(), parameters)
            ),
            imbalances=tuple(
                _finding(ImbalanceKind(row["kind"]), row)
                for row in connection.execute(statements.imbalances(), parameters)
            ),
            notices=tuple(
                _finding(NoticeKind(row["kind"]), row)
                for row in connection.execute(statements.notices(), parameters)
            ),
        )


@contextmanager
def _snapshot(database_url: str) -> Iterator[Connection]:
    try:
        with psycopg.connect(
            database_url,
            row_factory=dict_row,
            connect_timeout=CONNECT_TIMEOUT_S,
            application_name="wearon-dev audit",
            prepare_threshold=None,  # a pooler in front of the database may not keep prepared statements
        ) as connection:
            connection.read_only = True
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.execute(f"set local statement_timeout = '{STATEMENT_TIMEOUT}'")
            # An error is better than books in which policies hide other people's rows.
            connection.execute("set local row_security = off")
            yield connection
    except psycopg.Error as error:
        raise BooksUnreadableError(_explain(error)) from error


def _explain(error: psycopg.Error) -> str:
    match error:
        case psycopg.errors.UndefinedTable() | psycopg.errors.InvalidSchemaName():
            return f"{_first_line(error)}: are the migrations applied?"
        case psycopg.errors.InsufficientPrivilege():
            return f"{_first_line(error)}: the role must be able to select every row"
        case psycopg.errors.QueryCanceled():
            return f"no answer within {STATEMENT_TIMEOUT}"
        case psycopg.OperationalError():
            return _first_line(error)
        case psycopg.ProgrammingError() if error.sqlstate is None:
            return "this is no PostgreSQL URL"  # the driver's own words would quote it, password included
        case _:
            return f"{type(error).__name__}: {_first_line(error)}"


def _first_line(error: psycopg.Error) -> str:
    return error.diag.message_primary or (str(error).strip() or type(error).__name__).splitlines()[0]


def _finding(kind: ImbalanceKind | NoticeKind, row: Row) -> Finding:
    session_ids: list[UUID] = row["session_ids"] or []
    return Finding(
        kind=kind,
        channel=Channel(row["channel"]),
        owner_id=row["owner_id"],
        request_id=row["request_id"],
        session_ids=tuple(session_ids),
        amount=row["amount"],
    )
