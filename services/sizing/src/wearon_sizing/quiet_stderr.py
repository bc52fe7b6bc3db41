import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quiet_stderr() -> Iterator[None]:
    """Drop what the whole process writes to standard error, native libraries included. Only for start-up."""
    sys.stderr.flush()
    stderr_fd = 2
    saved_fd = os.dup(stderr_fd)
    with open(os.devnull, "wb") as nowhere:  # noqa: PTH123 - its descriptor is wanted, not a path
        os.dup2(nowhere.fileno(), stderr_fd)
    try:
        yield
    finally:
        os.dup2(saved_fd, stderr_fd)
        os.close(saved_fd)
