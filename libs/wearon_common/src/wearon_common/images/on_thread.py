import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from typing import TypeVar

Result = TypeVar("Result")


async def on_thread(threads: Executor, work: Callable[[bytes], Result], data: bytes) -> Result:
    """Call `work(data)` on a thread.

    An executor keeps what it was given until a thread takes it up, also for a caller that has gone: here
    nothing of the data is kept for that one.
    """
    left = [data]
    del data
    try:
        return await asyncio.get_running_loop().run_in_executor(threads, lambda: work(left.pop()))
    finally:
        left.clear()
