"""The one line that a command says when everything is ready."""

import time
from pathlib import Path

import typer

from wearon_devkit.run_folder import ENVIRONMENT


class Announcement:
    """Knows how long it took from its making to the line."""

    def __init__(self) -> None:
        self._started_s = time.monotonic()

    def make(self, what: str, directory: Path) -> None:
        """Say that `what` is so, after how long, and where the environment file is."""
        took_s = time.monotonic() - self._started_s
        typer.echo(f"wearon-dev: {what} ({took_s:.1f} s); environment in {directory / ENVIRONMENT}")
