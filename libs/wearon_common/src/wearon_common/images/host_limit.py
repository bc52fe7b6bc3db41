import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary


class HostLimit:
    """So many at once, and fewer of them for one host: a slow host holds up itself before the others."""

    def __init__(self, total: int, per_host: int) -> None:
        self._total = asyncio.Semaphore(total)
        self._per_host = per_host
        # Hosts are named by strangers: one that nobody waits for is forgotten.
        self._hosts: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    @asynccontextmanager
    async def hold(self, host: str) -> AsyncIterator[None]:
        """Wait for the turn of this host, first come first served, and hold it inside."""
        own = self._hosts.setdefault(host, asyncio.Semaphore(self._per_host))
        async with own, self._total:
            yield
