"""Something to be done again and again beside the main loop."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

import structlog

from wearon_consumer.outage import is_bug

_CANCELLED_WITHIN = timedelta(seconds=0.1)

log = structlog.get_logger()


async def repeat(name: str, action: Callable[[], Awaitable[None]], every: timedelta) -> None:
    """Run `action`, then wait, for ever; what fails is logged and tried again."""
    while True:
        try:
            await action()
        except Exception as error:  # the outermost loop: nothing may end it but its cancellation
            facts = {"action": name, "error": type(error).__name__, "detail": str(error)}
            log.warning("periodic_failed", **facts, exc_info=is_bug(error))
        await asyncio.sleep(every.total_seconds())


@asynccontextmanager
async def beside(loops: Sequence[Coroutine[None, None, None]]) -> AsyncIterator[None]:
    """Run endless loops while inside, and leave without waiting for one that does not want to end."""
    tasks = [asyncio.create_task(loop) for loop in loops]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        # Up to Python 3.11 a cancellation can get lost: in asyncio.wait_for, which redis-py sends with.
        await asyncio.wait(tasks, timeout=_CANCELLED_WITHIN.total_seconds())
