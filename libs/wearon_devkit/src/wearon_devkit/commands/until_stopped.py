"""How a command lives that stays until it is told to stop."""

import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

import typer

from wearon_devkit.run_failed import RunFailed

CHECK_EVERY_S = 0.1
INTERRUPTED = 130  # as a shell says it


@contextmanager
def ending_well(interrupted_status: int = 0) -> Iterator[None]:
    """Make SIGTERM and SIGINT end the command with a status, a failed run with status 1 and its message.

    To stop is how a command that stays ends well; one that had something to finish was interrupted.
    """

    def end(_number: int, _frame: FrameType | None) -> NoReturn:
        # Stopping takes a moment; an impatient second Ctrl-C must not leave it half done.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        if interrupted_status:
            typer.echo("wearon-dev: interrupted", err=True)
        sys.exit(interrupted_status)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    try:
        yield
    except RunFailed as failure:
        typer.echo(f"wearon-dev: {failure}", err=True)
        raise typer.Exit(1) from None


def stay(check: Callable[[], None]) -> NoReturn:
    """Check again and again that all is well, until a signal or a `RunFailed` ends it."""
    while True:
        check()
        time.sleep(CHECK_EVERY_S)
