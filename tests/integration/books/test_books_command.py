"""`wearon-dev audit`, and what keeps the books from being read."""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from integration.books.refund_plants import a_refund_of_a_live_session
from planted_books import PlantedBooks, planted_books
from typer.testing import CliRunner, Result

from wearon_devkit.books import BooksUnreadableError, audit
from wearon_devkit.commands.app import app
from wearon_devkit.environment import Environment

READER = "books_reader"


@pytest.fixture
def books(database_url: str, redis_url: str) -> Iterator[PlantedBooks]:
    with planted_books(database_url, redis_url) as books:
        yield books


def run_audit(database_url: str | None, *arguments: str) -> Result:
    """Read the books that the environment names."""
    return audit_with(database_url, "--from-environment", *arguments)


def audit_with(database_url: str | None, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["audit", *arguments], env={"DATABASE_URL": database_url})


def test_balanced_books_end_with_the_equation_and_status_0(books: PlantedBooks) -> None:
    books.completed("b2c")
    books.failed("store")
    result = run_audit(books.database_url)
    assert result.exit_code == 0
    last = result.stdout.splitlines()[-1]
    assert last == "audit: 2 deducted = 1 completed + 1 refunded + 0 live; books balance"


def test_an_imbalance_is_shown_with_its_session_and_status_1(books: PlantedBooks) -> None:
    [session] = a_refund_of_a_live_session(books).sessions
    result = run_audit(books.database_url)
    assert result.exit_code == 1
    assert "refund_of_unfailed_session" in result.stdout
    assert str(session.try_on.session_id) in result.stdout
    assert result.stdout.splitlines()[-1] == "audit: 1 imbalance"


def test_a_request_id_cannot_write_to_the_terminal(books: PlantedBooks) -> None:
    books.refund_store("\x1b[2J[bold]jo@example.com")
    result = run_audit(books.database_url)
    assert "\x1b" not in result.stdout
    assert "[bold]" in result.stdout
    assert "jo@example.com" not in result.stdout


def test_json_says_the_same(books: PlantedBooks) -> None:
    [session] = a_refund_of_a_live_session(books).sessions
    report = json.loads(run_audit(books.database_url, "--json").stdout)
    assert report["balanced"] is False
    [finding] = report["imbalances"]
    assert (finding["kind"], finding["amount"]) == ("refund_of_unfailed_session", 1)
    assert finding["session_ids"] == [str(session.try_on.session_id)]
    b2b = report["totals"][0]
    assert (b2b["channel"], b2b["deducted"], b2b["refunded"], b2b["live"], b2b["even"]) == (
        "b2b",
        1,
        1,
        1,
        False,
    )


def test_the_books_of_a_chosen_run_are_read_whatever_the_environment_names(
    books: PlantedBooks, tmp_path: Path
) -> None:
    run = Environment("x", books.database_url, *("x",) * 8)
    (tmp_path / "env").write_text(run.as_lines())
    result = audit_with("postgresql://127.0.0.1:1/nothing", "--dir", str(tmp_path))
    assert result.exit_code == 0
    assert f"audit: read the database that {tmp_path}/env names" in result.stderr


def test_a_chosen_folder_in_which_nothing_runs_is_one_line_and_status_2(
    books: PlantedBooks, tmp_path: Path
) -> None:
    result = audit_with(books.database_url, "--dir", str(tmp_path))
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"audit: the books cannot be read: nothing runs in {tmp_path}\n"


@pytest.mark.parametrize(
    "url",
    [
        None,
        "postgresql://reader:Secret9@127.0.0.1:1/nothing",
        "postgresql:/reader:Secret9@nowhere",
        "Secret9",
        "https://reader:Secret9@127.0.0.1/",
    ],
)
def test_unreadable_books_are_one_line_and_status_2(url: str | None) -> None:
    result = run_audit(url)
    assert result.exit_code == 2
    assert result.stdout == ""
    [line] = result.stderr.splitlines()
    assert line.startswith("audit: the books cannot be read: ")
    assert "Secret9" not in line


@pytest.fixture
def reader(database_url: str) -> Iterator[str]:
    """Give the URL of a role that may read and no more."""
    with psycopg.connect(database_url, autocommit=True) as database:
        database.execute(f"create role {READER} login bypassrls password 'reader'")
        database.execute(f"grant usage on schema public, wearon to {READER}")
        database.execute(f"grant select on all tables in schema public, wearon to {READER}")
        address = urlsplit(database_url)
        yield f"postgresql://{READER}:reader@{address.hostname}:{address.port}{address.path}"
        database.execute(f"drop owned by {READER}")
        database.execute(f"drop role {READER}")


def test_a_role_that_may_only_read_is_enough(reader: str) -> None:
    assert audit(reader).balanced


def test_books_are_refused_to_a_role_that_policies_hide_rows_from(books: PlantedBooks, reader: str) -> None:
    books.execute(f"alter role {READER} nobypassrls")
    with pytest.raises(BooksUnreadableError, match=r"row-level security.*must be able to select every row"):
        audit(reader)


def test_a_database_without_our_migrations_is_named_as_such(books: PlantedBooks) -> None:
    books.execute("alter schema wearon rename to hidden")
    try:
        with pytest.raises(BooksUnreadableError, match="are the migrations applied"):
            audit(books.database_url)
    finally:
        books.execute("alter schema hidden rename to wearon")


def test_a_database_that_only_reads_is_enough(books: PlantedBooks) -> None:
    name = urlsplit(books.database_url).path.lstrip("/")
    books.execute(f'alter database "{name}" set default_transaction_read_only = on')
    try:
        assert audit(books.database_url).balanced
    finally:
        books.execute(f'alter database "{name}" reset default_transaction_read_only')
