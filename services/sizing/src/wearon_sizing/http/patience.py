import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import TypeVar

from wearon_sizing.estimator import Overloaded

Held = TypeVar("Held")


class NoRoom(Overloaded):
    """A picture has waited too long for its turn, or until there was room for it."""


@asynccontextmanager
async def entered_within(
    patience: timedelta, context: AbstractAsyncContextManager[Held]
) -> AsyncIterator[Held]:
    """Enter a context that may have to be waited for; raises `NoRoom` when that takes too long."""
    async with AsyncExitStack() as held:
        try:
            async with asyncio.timeout(patience.total_seconds()):
                value = await held.enter_async_context(context)
        except TimeoutError:
            raise NoRoom from None
        yield value
