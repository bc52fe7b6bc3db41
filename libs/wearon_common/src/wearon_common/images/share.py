import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Share:
    """An amount that coroutines take from, and wait for, first come first served."""

    def __init__(self, amount: int) -> None:
        self._free = amount
        self._door = asyncio.Lock()
        self._freed = asyncio.Event()

    @asynccontextmanager
    async def taken(self, amount: int) -> AsyncIterator[None]:
        """Wait for this much, and hold it inside; it must not be more than there is in all."""
        async with self._door:
            while self._free < amount:
                self._freed.clear()
                await self._freed.wait()
            self._free -= amount
        try:
            yield
        finally:
            self._free += amount
            self._freed.set()
