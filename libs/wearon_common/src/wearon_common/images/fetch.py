import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from types import TracebackType
from typing import Self

import httpcore

from wearon_common.images.address import IPAddress, is_public
from wearon_common.images.connections import Connections
from wearon_common.images.download import download
from wearon_common.images.errors import ImageReason, ImageUnavailable, ImageUrlRefused
from wearon_common.images.host_limit import HostLimit
from wearon_common.images.resolve import Resolver, SystemResolver
from wearon_common.images.response import MakeRoom
from wearon_common.images.room import ImageRoom
from wearon_common.images.url import ImageUrl, normalised_private_hosts, parse_image_url

FETCH_TIMEOUT = timedelta(seconds=30)

# With every host slow at once, half the descriptors that a process usually has.
_MOST_OF_ONE_HOST = 24
_MOST_AT_ONCE = 512

_NO_SUCH_NAME = frozenset({socket.EAI_NONAME, socket.EAI_NODATA})


class ImageFetcher:
    """Fetches images from URLs that strangers wrote.

    Every new connection resolves the name once, requires all its addresses to be public, and goes to one
    of exactly these. It is kept for the next image of the host only when its answer was read to its end,
    and stays at the address that was checked. It is made of httpcore's parts rather than an HTTP client's,
    since those bring what must not happen here: redirects, proxies from the environment, cookies,
    decompression, and the URL in the log.

    At most 24 images of one host are in flight, and those that are in memory share `room`: a burst waits on
    the network.

    Args:
        private_hosts: exact `host:port`s that may be private and may be reached by http.
        timeout: for all of a fetch, from resolving the name to the last byte.
        room: for the images that are in memory; others may share it.
        resolver: turns names into addresses; the system's unless given.
        ssl_context: whom to trust; the certifi bundle unless given.
    """

    def __init__(
        self,
        private_hosts: frozenset[str] = frozenset(),
        *,
        timeout: timedelta = FETCH_TIMEOUT,
        resolver: Resolver | None = None,
        ssl_context: ssl.SSLContext | None = None,
        room: ImageRoom | None = None,
    ) -> None:
        self._private_hosts = normalised_private_hosts(private_hosts)
        self._timeout_s = timeout.total_seconds()
        self._resolver = resolver or SystemResolver()
        self._connections = Connections(ssl_context or httpcore.default_ssl_context())
        self._limit = HostLimit(_MOST_AT_ONCE, _MOST_OF_ONE_HOST)
        self._room = room or ImageRoom()

    @asynccontextmanager
    async def fetched(self, url: str) -> AsyncIterator[bytes]:
        """Give the bytes of the JPEG, PNG or WebP image at the URL; they are not decoded yet.

        It counts as in flight, and takes its room, until the context ends. Waiting for the turn of its host
        and for room is not part of the timeout.

        Raises:
            ImageUrlRefused: the URL leads where we do not go.
            ImageUnavailable: its host does not answer, or not in time.
            ImageRejected: the answer is not an image, or too long a one.
        """
        image_url = parse_image_url(url, self._private_hosts)
        async with self._limit.hold(image_url.authority), AsyncExitStack() as held:
            async with self._in_time(image_url) as deadline:

                async def make_room(image_bytes: int | None) -> None:
                    async with _stopped(deadline):
                        await held.enter_async_context(self._room.hold(image_url.authority, image_bytes))

                image = await self._download(image_url, make_room)
            yield image

    async def aclose(self) -> None:
        """Let go of the connections and the resolver."""
        await self._connections.aclose()
        await self._resolver.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    @asynccontextmanager
    async def _in_time(self, image_url: ImageUrl) -> AsyncIterator[asyncio.Timeout]:
        try:
            async with asyncio.timeout(self._timeout_s) as deadline:
                yield deadline
        except TimeoutError:
            detail = f"{image_url.host} took longer than {self._timeout_s:g} s"
            raise ImageUnavailable(ImageReason.TIMED_OUT, detail) from None

    async def _download(self, image_url: ImageUrl, make_room: MakeRoom) -> bytes:
        return await download(
            image_url, self._connections, self._checked_addresses, self._room.per_image, make_room
        )

    async def _checked_addresses(self, image_url: ImageUrl) -> Sequence[IPAddress]:
        try:
            addresses = await self._resolver.resolve(image_url.host, image_url.port)
        except socket.gaierror as error:
            failure = ImageUrlRefused if error.errno in _NO_SUCH_NAME else ImageUnavailable
            raise failure(ImageReason.NAME_UNKNOWN, str(error.strerror)) from None
        # One inner address among public ones is enough for a rebinding attack.
        if not image_url.is_private_host and not all(map(is_public, addresses)):
            raise ImageUrlRefused(ImageReason.ADDRESS_REFUSED, "has an address that is not public")
        return addresses


@asynccontextmanager
async def _stopped(deadline: asyncio.Timeout) -> AsyncIterator[None]:
    """Let a deadline's clock stand still inside."""
    clock, ends_s = asyncio.get_running_loop().time, deadline.when()
    left_s = None if ends_s is None else ends_s - clock()
    deadline.reschedule(None)
    yield
    deadline.reschedule(None if left_s is None else clock() + left_s)
