"""PostgreSQL 15 in a container: the oldest version that the SQL must apply to."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from processes import wait_for

from wearon_devkit.embedded.postgres import SUPERUSER

IMAGE = "postgres:15"
PASSWORD = "throwaway"


def why_not() -> str | None:
    """Return one line that says why the container cannot run, or None if it can."""
    try:
        _docker("image", "inspect", IMAGE)
    except (OSError, subprocess.SubprocessError):
        return f"no Docker engine with {IMAGE} answers"
    return None


@contextmanager
def running_postgres_15() -> Iterator[str]:
    """Run it and return its URL, as its superuser, who is called as at Supabase."""
    variables = {"POSTGRES_USER": SUPERUSER, "POSTGRES_PASSWORD": PASSWORD, "POSTGRES_DB": "postgres"}
    options = [word for name, value in variables.items() for word in ("--env", f"{name}={value}")]
    container = _docker(
        *("run", "--detach", "--rm", "--pull=never", "--publish=127.0.0.1::5432"),
        *("--tmpfs=/var/lib/postgresql/data", *options, IMAGE, "postgres", "-c", "fsync=off"),
    )
    try:
        address = _docker("port", container, "5432")
        url = f"postgresql://{SUPERUSER}:{PASSWORD}@{address}/postgres"
        assert wait_for(lambda: _answers(url), timeout_s=60)
        yield url
    finally:
        _docker("rm", "--force", container)


def _docker(*arguments: str) -> str:
    finished = subprocess.run(  # noqa: S603 - the arguments are ours
        ["docker", *arguments],  # noqa: S607 - wherever the engine's command is installed
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return finished.stdout.strip()


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True
