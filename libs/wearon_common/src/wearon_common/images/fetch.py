import asyncio
import socket
import ssl
from collections.abc import Sequence
from datetime import timedelta
from types import TracebackType
from typing import Self

import httpcore

from wearon_common.images.address import IPAddress, is_public
from wearon_common.images.download import download
from wearon_common.images.errors import ImageReason, ImageUnavailable, ImageUrlRefused
from wearon_common.images.resolve import Resolver, SystemResolver
from wearon_common.images.url import ImageUrl, normalised_private_hosts, parse_image_url

MAX_IMAGE_BYTES = 10 * 1024 * 1024
FETCH_TIMEOUT = timedelta(seconds=30)

_NO_SUCH_NAME = frozenset({socket.EAI_NONAME, socket.EAI_NODATA})


class ImageFetcher:
    """Fetches images from URLs that strangers wrote.

    Every fetch resolves the name once, requires all its addresses to be public, and talks to one of
    exactly these over a connection of its own: a kept one would outlive the check it rests on. It is
    made of httpcore's parts rather than an HTTP client's, since those bring what must not happen here:
    redirects, proxies from the environment, cookies, decompression, and the URL in the log.

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
        self._ssl_context = ssl_context or httpcore.default_ssl_context()

    async def fetch(self, url: str) -> bytes:
        """Return the bytes of the JPEG, PNG or WebP image at the URL; they are not decoded yet.

        Raises:
            ImageUrlRefused: the URL leads where we do not go.
            ImageUnavailable: its host does not answer, or not in time.
            ImageRejected: the answer is not an image of at most `max_bytes`.
        """
        image_url = parse_image_url(url, self._private_hosts)
        try:
            async with asyncio.timeout(self._timeout_s):
                addresses = await self._checked_addresses(image_url)
                return await download(image_url, addresses, self._ssl_context, self._max_bytes)
        except TimeoutError:
            detail = f"{image_url.host} took longer than {self._timeout_s:g} s"
            raise ImageUnavailable(ImageReason.TIMED_OUT, detail) from None

    async def aclose(self) -> None:
        """Let go of the resolver."""
        await self._resolver.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def _checked_addresses(self, image_url: ImageUrl) -> Sequence[IPAddress]:
        try:
            addresses = await self._resolver.resolve(image_url.host, image_url.port)
        except socket.gaierror as error:
            failure = ImageUrlRefused if error.errno in _NO_SUCH_NAME else ImageUnavailable
            raise failure(ImageReason.NAME_UNKNOWN, f"{image_url.host}: {error.strerror}") from None
        # One inner address among public ones is enough for a rebinding attack.
        if not image_url.is_private_host and not all(map(is_public, addresses)):
            raise ImageUrlRefused(ImageReason.ADDRESS_REFUSED, f"{image_url.host} is not only public")
        return addresses
