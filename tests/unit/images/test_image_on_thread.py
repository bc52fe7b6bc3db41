import asyncio
import gc
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor
from typing import cast

from wearon_common.images import on_thread


class Picture(bytearray):
    """Data that can be watched."""


def test_the_work_gets_the_data_and_its_result_comes_back() -> None:
    with ThreadPoolExecutor(1) as threads:
        assert asyncio.run(on_thread(threads, len, b"four")) == 4


def test_who_gives_up_before_a_thread_was_free_leaves_nothing_behind() -> None:
    free = threading.Event()

    async def give_up() -> bool:
        with ThreadPoolExecutor(1) as threads:
            threads.submit(free.wait, 20)
            picture = Picture(b"x" * 1000)
            seen = weakref.ref(picture)
            waiting = asyncio.create_task(on_thread(threads, len, cast("bytes", picture)))
            del picture
            await asyncio.sleep(0.05)
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
            del waiting
            gc.collect()
            is_gone = seen() is None
            free.set()
            return is_gone

    assert asyncio.run(give_up())
