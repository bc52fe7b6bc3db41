"""Something to be done again and again beside the main loop."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog

log = structlog.get_logger()


async def repeat(name: str, action: Callable[[], Awaitable[None]], every: timedelta) -> None:
    """Run `action`, then wait, for ever; what fails is logged and tried again."""
    while True:
        try:
            await action()
        except Exception as error:  # noqa: BLE001 - the outermost loop: a broken Redis or database must not end it
            log.warning("periodic_failed", action=name, error=type(error).__name__, detail=str(error))
        await asyncio.sleep(every.total_seconds())
