"""Ends the worker in good order, or, where a lost Redis does not let it, without."""

import os
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from queue import SimpleQueue

import structlog
from celery.worker import state

_PATIENCE = timedelta(seconds=5)
_LOOK_EVERY_S = 0.5

log = structlog.get_logger()


class Stop:
    """Running tasks are waited for; then Celery has `patience` to tell Redis what it still has to tell.

    A Redis that accepts and does not answer keeps Celery for a socket timeout per message. Unheard, it
    delivers once more what it believes unfinished, and the session's row says that it is.
    """

    def __init__(self, is_working: Callable[[], bool], patience: timedelta = _PATIENCE) -> None:
        self._is_working = is_working
        self._patience_s = patience.total_seconds()
        self._asked: SimpleQueue[None] = SimpleQueue()  # unlike locks, safe to use in a signal handler

    def watch(self) -> None:
        """See to it, from now on, that the process ends after `ask`."""
        threading.Thread(target=self._end_in_time, name="stop", daemon=True).start()

    def ask(self, *_signal: object) -> None:
        """Begin no more tasks and end with those that run; a signal handler."""
        state.should_stop = os.EX_OK
        self._asked.put(None)

    def _end_in_time(self) -> None:
        self._asked.get()
        idle_since_s = time.monotonic()
        while time.monotonic() - idle_since_s < self._patience_s:
            time.sleep(_LOOK_EVERY_S)
            if self._is_working():
                idle_since_s = time.monotonic()
        log.warning("stopped_without_redis")
        os._exit(os.EX_OK)
