from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event


@contextmanager
def running_beside(work: Callable[[], None], stop: Event) -> Iterator[None]:
    """Have `work` run on a thread until the context ends, which sets `stop`; raise what it raised."""
    with ThreadPoolExecutor(1) as thread:
        done = thread.submit(work)
        try:
            yield
        finally:
            stop.set()
        done.result()
