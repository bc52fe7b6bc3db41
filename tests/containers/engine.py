"""Whether a Docker engine answers, and commands to it."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from functools import cache
from uuid import uuid4

LONGEST_COMMAND_S = 600


@cache
def why_no_engine() -> str | None:
    """Say in one line why there is nothing to run containers on; None: there is."""
    if shutil.which("docker") is None:
        return "needs a Docker engine: there is no docker command"
    if _status("compose", "version") != 0:
        return "needs docker compose: the plugin is missing"
    if _status("info") != 0:
        return "needs a Docker engine: none answers"
    return None


def docker(*words: str, text: str | None = None, variables: dict[str, str] | None = None) -> str:
    """Run a docker command and return what it printed; `text` is its input. Raises `CommandFailed`."""
    done = subprocess.run(  # noqa: S603 - the words are the tests' own
        ["docker", *words],  # noqa: S607 - wherever it is installed
        input=text,
        env=_environment() | (variables or {}),
        capture_output=True,
        text=True,
        timeout=LONGEST_COMMAND_S,
        check=False,
    )
    if done.returncode != 0:
        raise CommandFailed(words, done.returncode, done.stderr or done.stdout)
    return done.stdout.strip()


def own_project(name: str) -> str:
    """Name a compose project that no other run has: two may share an engine, one may have been killed."""
    return f"wearon-{name}-{uuid4().hex[:6]}"


class CommandFailed(Exception):  # noqa: N818 - what it says is a state
    """A docker command ended with another status than 0."""

    def __init__(self, words: Sequence[str], status: int, said: str) -> None:
        super().__init__(f"docker {' '.join(words)}: status {status}\n{said[-2000:]}")
        self.status = status
        self.said = said


def _environment() -> dict[str, str]:
    """Give what docker itself needs: a setting of this shell must not get into a container."""
    kept = ("PATH", "HOME", "XDG_RUNTIME_DIR")
    return {
        name: value
        for name, value in os.environ.items()
        if name in kept or name.startswith(("DOCKER_", "BUILDKIT_", "BUILDX_"))
    }


def _status(*words: str) -> int:
    command = ["docker", *words]
    return subprocess.run(command, capture_output=True, timeout=60, check=False).returncode  # noqa: S603 - as above
