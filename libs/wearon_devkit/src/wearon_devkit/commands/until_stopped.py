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
AS_WANTED = 0
INTERRUPTED = 130  # as a shell says it


@contextmanager
def ending_well(stopped_status: int = INTERRUPTED) -> Iterator[None]:
    """Make SIGTERM and SIGINT end the command with a status, a failed run with status 1 and its message."""
    end_on_signal(stopped_status)
    try:
        yield
    except RunFailed as failure:
        typer.echo(f"wearon-dev: {failure}", err=True)
        raise typer.Exit(1) from None


def end_on_signal(status: int) -> None:
    """Make SIGTERM and SIGINT end the process with `status`, in good order.

    To stop is how a command that stays ends well; one that had something to finish was interrupted.
    """

    def end(_number: int, _frame: FrameType | None) -> NoReturn:
        # Stopping takes a moment; an impatient second Ctrl-C must not leave it half done.
        _handle_stops(signal.SIG_IGN)
        if status:
            typer.echo("wearon-dev: interrupted", err=True)
        sys.exit(status)

    _handle_stops(end)


def stay(check: Callable[[], None]) -> NoReturn:
    """Check again and again that all is well, until a signal or a `RunFailed` ends it."""
    while True:
        check()
        time.sleep(CHECK_EVERY_S)


def _handle_stops(handler: Callable[[int, FrameType | None], NoReturn] | signal.Handlers) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, handler)
