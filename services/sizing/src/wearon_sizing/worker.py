import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from threading import Thread
from typing import TypeVar

Result = TypeVar("Result")


class Worker:
    """A thread that runs one call at a time.

    It is a daemon: a call that never returns keeps neither the caller nor the end of the process waiting,
    which the threads of an executor would.
    """

    def __init__(self, name: str) -> None:
        self._jobs: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._thread = Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    def run(self, call: Callable[[], Result]) -> asyncio.Future[Result]:
        """Run the call on the thread; cancelling the wait does not stop a call that has begun.

        What the call holds is let go when it has ended.
        """
        future: Future[Result] = Future()
        self._jobs.put(lambda: _settle(future, call))
        return asyncio.wrap_future(future)

    def stop(self, last: Callable[[], None] = lambda: None) -> None:
        """Let the thread end after its call, and after `last`; a call that never ends keeps both from it."""
        self._jobs.put(last)
        self._jobs.put(None)

    def join(self, timeout_s: float) -> bool:
        """Wait for the thread's end; whether it came in time."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()
            del job


def _settle(future: Future[Result], call: Callable[[], Result]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        future.set_result(call())
    except Exception as error:  # noqa: BLE001 - handed to the caller, whatever it is
        future.set_exception(error)
