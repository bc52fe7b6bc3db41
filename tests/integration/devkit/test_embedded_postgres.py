"""The embedded PostgreSQL."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from processes import is_running, status_of, wait_for
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from wearon_devkit.database import Database
from wearon_devkit.embedded.postgres import Postgres
from wearon_devkit.processes.account import unprivileged_account
from wearon_devkit.run_folder import RunFolder

AS_ROOT_ONLY = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give its rights away")


@pytest.fixture(scope="module")
def closed_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("closed")
    folder.chmod(0o700)
    return folder / "run"


@pytest.fixture(scope="module")
def database(closed_folder: Path) -> Iterator[Database]:
    with RunFolder.claim(closed_folder) as folder, Database.run(folder) as database:
        yield database


def test_it_is_postgresql_17(database: Database) -> None:
    with psycopg.connect(database.url) as connection:
        assert connection.info.server_version // 10_000 == 17


def test_a_wrong_password_is_refused(database: Database) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(make_conninfo(database.url, password="guess"))


def test_it_listens_on_the_loopback_address_alone(database: Database) -> None:
    with psycopg.connect(database.url) as connection:
        assert connection.execute("show listen_addresses").fetchall() == [("127.0.0.1",)]
        assert connection.execute("show unix_socket_directories").fetchall() == [("",)]


@AS_ROOT_ONLY
def test_it_gives_up_being_root_though_its_folder_is_closed_to_others(database: Database) -> None:
    status = status_of(database.server.pid)
    assert "0" not in status["Uid"].split()
    assert "0" not in status["Gid"].split()
    assert status["Groups"] == ""


@AS_ROOT_ONLY
def test_it_keeps_no_more_than_the_right_to_pass_closed_folders(database: Database) -> None:
    assert int(status_of(database.server.pid)["CapEff"], 16) == 0b10


@AS_ROOT_ONLY
def test_an_account_needs_no_right_of_its_own_where_everybody_may_pass(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    in_the_open, closed = (
        unprivileged_account(Path("/usr/bin/env")),
        unprivileged_account(tmp_path / "data"),
    )
    assert in_the_open is not None
    assert closed is not None
    assert not in_the_open.passes_closed_folders
    assert closed.passes_closed_folders


def test_the_password_is_readable_to_nobody_else(database: Database, closed_folder: Path) -> None:
    assert (closed_folder / "postgres" / "password").stat().st_mode & 0o077 == 0


def test_two_clusters_have_different_passwords(tmp_path: Path) -> None:
    with RunFolder.claim(tmp_path) as folder:
        passwords = {conninfo_to_dict(Postgres(folder).url)["password"] for _ in range(2)}
    assert len(passwords) == 2


def test_nothing_of_it_stays_when_it_is_stopped(tmp_path: Path) -> None:
    with RunFolder.claim(tmp_path / "run") as folder, Database.run(folder) as database:
        pid = database.server.pid
    assert not is_running(pid)
    assert not (tmp_path / "run" / "postgres").exists()


def test_it_stops_while_clients_are_connected(tmp_path: Path) -> None:
    with RunFolder.claim(tmp_path / "run") as folder, Database.run(folder) as database:
        psycopg.connect(database.url)
    assert database.server.exit_status() == 0


def test_it_dies_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    program = f"""
import time
from pathlib import Path
from wearon_devkit.database import Database
from wearon_devkit.run_folder import RunFolder
with RunFolder.claim(Path({str(tmp_path / "run")!r})) as folder, Database.run(folder) as database:
    print(database.server.pid, flush=True)
    time.sleep(60)
"""
    command = [sys.executable, "-c", program]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:  # noqa: S603 - it is ours
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert is_running(pid)
        parent.send_signal(signal.SIGKILL)
    assert wait_for(lambda: not is_running(pid))
