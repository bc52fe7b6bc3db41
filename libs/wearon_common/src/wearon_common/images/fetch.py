import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
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
from wearon_common.images.url import ImageUrl, normalised_private_hosts, parse_image_url

MAX_IMAGE_BYTES = 10 * 1024 * 1024
FETCH_TIMEOUT = timedelta(seconds=30)

# At 4 MB a photo these are 100 MB of one host and, with every host slow at once, half the descriptors
# that a process usually has.
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

    At most 24 images of one host are in flight, so that a burst waits on the network and not in memory.

    Args:
        private_hosts: exact `host:port`s that may be private and may be reached by http.
        max_bytes: the longest body taken.
        timeout: for all of a fetch, from resolving the name to the last byte.
        resolver: turns names into addresses; the system's unless given.
        ssl_context: whom to trust; the certifi bundle unless given.
    """

    def __init__(
        self,
        private_hosts: frozenset[str] = frozenset(),
        *,
        max_bytes: int = MAX_IMAGE_BYTES,
        timeout: timedelta = FETCH_TIMEOUT,
        resolver: Resolver | None = None,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        self._private_hosts = normalised_private_hosts(private_hosts)
        self._max_bytes = max_bytes
        self._timeout_s = timeout.total_seconds()
        self._resolver = resolver or SystemResolver()
        self._connections = Connections(ssl_context or httpcore.default_ssl_context())
        self._limit = HostLimit(_MOST_AT_ONCE, _MOST_OF_ONE_HOST)

    async def fetch(self, url: str) -> bytes:
        """Return the bytes of the JPEG, PNG or WebP image at the URL; they are not decoded yet.

        Waits for its turn when many images of the host are in flight, within the same timeout.

        Raises:
            ImageUrlRefused: the URL leads where we do not go.
            ImageUnavailable: its host does not answer, or not in time.
            ImageRejected: the answer is not an image of at most `max_bytes`.
        """
        image_url = parse_image_url(url, self._private_hosts)
        async with self._in_time(image_url), self._limit.hold(image_url.authority):
            return await self._download(image_url)

    @asynccontextmanager
    async def fetched(self, url: str) -> AsyncIterator[bytes]:
        """Give the same bytes, and count them as in flight until the context ends.

        Whoever has many images to work on holds no more of them than are in flight. Waiting for the turn
        has no timeout of its own. Raises as `fetch` does.
        """
        image_url = parse_image_url(url, self._private_hosts)
        async with self._limit.hold(image_url.authority):
            async with self._in_time(image_url):
                image = await self._download(image_url)
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
    async def _in_time(self, image_url: ImageUrl) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(self._timeout_s):
                yield
        except TimeoutError:
            detail = f"{image_url.host} took longer than {self._timeout_s:g} s"
            raise ImageUnavailable(ImageReason.TIMED_OUT, detail) from None

    async def _download(self, image_url: ImageUrl) -> bytes:
        return await download(image_url, self._connections, self._checked_addresses, self._max_bytes)

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
