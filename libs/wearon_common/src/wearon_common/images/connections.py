import ssl
from collections.abc import Sequence

import httpcore

from wearon_common.images.address import IPAddress
from wearon_common.images.connect import PinnedBackend

# Shorter than servers keep theirs (60 s and more), so that few are found dead.
_KEPT_S = 20.0
# Hosts are named by strangers: each of them must not leave a socket behind.
_MOST_IDLE = 64


class Connections:
    """Keeps connections for the next request to the same scheme, host and port.

    A kept connection stays at the address that was checked when it was made, whatever its name means by
    then; a new one goes to the addresses it is given. One is kept only when its last answer was read to
    its end, for 20 s at most, and no more than 64 in all: the longest unused make room.

    Not httpcore's own pool, which goes through all its connections for each request, and for good loses
    the place of a request that is cancelled while it waits for one.
    """

    def __init__(self, ssl_context: ssl.SSLContext) -> None:
        self._ssl_context = ssl_context
        self._idle: list[httpcore.AsyncHTTPConnection] = []  # the longest unused first

    def open(self, origin: httpcore.Origin, addresses: Sequence[IPAddress]) -> httpcore.AsyncHTTPConnection:
        """Make a connection to one of `addresses`; it connects with its first request."""
        return httpcore.AsyncHTTPConnection(
            origin, self._ssl_context, keepalive_expiry=_KEPT_S, network_backend=PinnedBackend(addresses)
        )

    async def take_idle(self, origin: httpcore.Origin) -> httpcore.AsyncHTTPConnection | None:
        """Take the kept connection to `origin` that was used last; None when there is none.

        Its server may hang up at any moment: a request on it may fail through no fault of its own.
        """
        await self._close_expired()
        for connection in reversed(self._idle):
            if connection.can_handle_request(origin):
                self._idle.remove(connection)
                return connection
        return None

    async def give_back(self, connection: httpcore.AsyncHTTPConnection) -> None:
        """Keep a connection whose exchange is over, or close it when its answer was not read to its end."""
        if not connection.is_idle() or connection.has_expired():
            await connection.aclose()
            return
        self._idle.append(connection)
        if len(self._idle) > _MOST_IDLE:
            await self._idle.pop(0).aclose()

    async def aclose(self) -> None:
        """Close what is kept."""
        while self._idle:
            await self._idle.pop().aclose()

    async def _close_expired(self) -> None:
        for connection in [connection for connection in self._idle if connection.has_expired()]:
            # Somebody else may have closed it while an earlier one was closed here.
            if connection in self._idle:
                self._idle.remove(connection)
                await connection.aclose()
