"""`wearon-dev`, from its first moment on."""

import os
import signal
import sys
from types import FrameType

_INTERRUPTED = 130  # as a shell says it


def main() -> None:
    """Run the console script; whoever presses Ctrl-C sees no traceback, however early."""
    signal.signal(signal.SIGINT, _leave)
    from wearon_devkit.commands.app import app  # noqa: PLC0415 - takes most of a second: signals first

    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)


def _leave(_number: int, _frame: FrameType | None) -> None:
    # Nothing has been started yet; an exception might end in a library's own `except`.
    os._exit(_INTERRUPTED)
