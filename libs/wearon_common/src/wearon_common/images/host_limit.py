from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

from wearon_common.images.share import Share


class HostLimit:
    """So much at once, and less of it for one host: a slow host holds up itself before the others."""

    def __init__(self, total: int, per_host: int) -> None:
        self._total = Share(total)
        self._per_host = per_host
        # Hosts are named by strangers: one that nobody waits for is forgotten.
        self._hosts: WeakValueDictionary[str, Share] = WeakValueDictionary()

    @asynccontextmanager
    async def hold(self, host: str, amount: int = 1) -> AsyncIterator[None]:
        """Wait for the turn of this host, first come first served, and hold so much inside."""
        own = self._hosts.setdefault(host, Share(self._per_host))
        async with own.taken(amount), self._total.taken(amount):
            yield
