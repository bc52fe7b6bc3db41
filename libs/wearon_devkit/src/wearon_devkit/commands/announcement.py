"""What a command says while it starts, and the one line when everything is ready."""

import sys
import time
from pathlib import Path

import typer

from wearon_devkit.run_folder import ENVIRONMENT


class Announcement:
    """Tells a terminal that it starts, and knows how long it took from then to the line."""

    def __init__(self) -> None:
        self._started_s = time.monotonic()
        if sys.stderr.isatty():
            typer.echo("wearon-dev: starting …", err=True)

    def make(self, what: str, directory: Path) -> None:
        """Say that `what` is so, after how long, and where the environment file is."""
        took_s = time.monotonic() - self._started_s
        typer.echo(f"wearon-dev: {what} ({took_s:.1f} s); environment in {directory / ENVIRONMENT}")
