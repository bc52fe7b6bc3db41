import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import TypeAlias

import httpcore

from wearon_common.images.address import IPAddress
from wearon_common.images.connections import Connections
from wearon_common.images.errors import ImageError, ImageReason, ImageUnavailable, ImageUrlRefused
from wearon_common.images.response import MakeRoom, read_image
from wearon_common.images.url import ImageUrl

# For one address, and again for its TLS handshake: leaves time to try the next one.
_CONNECT_TIMEOUT_S = 5.0
_BROKEN_OFF = (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, OSError)

FindAddresses: TypeAlias = Callable[[ImageUrl], Awaitable[Sequence[IPAddress]]]


async def download(
    image_url: ImageUrl,
    connections: Connections,
    find_addresses: FindAddresses,
    max_bytes: int,
    make_room: MakeRoom,
) -> bytes:
    """Get the image over a kept connection, or a new one to what `find_addresses` gives.

    The caller sets the deadline. `make_room` is asked before the image is read.

    Raises:
        ImageUrlRefused: the host cannot prove its name.
        ImageUnavailable: the exchange broke off, or may succeed later.
        ImageRejected: the answer is not an image of at most `max_bytes`.
        ImageError: as `find_addresses` raises it.
    """
    try:
        async with _answered(image_url, connections, find_addresses) as response:
            return await read_image(response, max_bytes, make_room)
    except ImageError as error:
        raise type(error)(error.reason, f"{image_url.host}: {error.detail}") from None
    except _BROKEN_OFF as error:
        # Not chained: a protocol error quotes what the host sent, which may be the URL's signature.
        raise _failure(image_url.host, error) from None


@asynccontextmanager
async def _answered(
    image_url: ImageUrl, connections: Connections, find_addresses: FindAddresses
) -> AsyncIterator[httpcore.Response]:
    request = _request_for(image_url)
    response = None
    while connection := await connections.take_idle(request.url.origin):
        # Its server may have hung up while it lay idle; it then has not seen the request.
        with suppress(*_BROKEN_OFF):
            response = await connection.handle_async_request(request)
            break
    if connection is None or response is None:
        connection = connections.open(request.url.origin, await find_addresses(image_url))
        response = await connection.handle_async_request(request)
    try:
        yield response
    finally:
        await response.aclose()
        await connections.give_back(connection)


def _request_for(image_url: ImageUrl) -> httpcore.Request:
    url = httpcore.URL(
        scheme=image_url.scheme, host=image_url.host, port=image_url.port, target=image_url.target
    )
    headers: list[tuple[bytes | str, bytes | str]] = [
        ("Host", image_url.authority),
        ("User-Agent", "wearon-image-fetch"),
        ("Accept", "image/jpeg, image/png, image/webp"),
        ("Accept-Encoding", "identity"),
    ]
    return httpcore.Request(
        "GET", url, headers=headers, extensions={"timeout": {"connect": _CONNECT_TIMEOUT_S}}
    )


def _failure(host: str, error: Exception) -> ImageError:
    if isinstance(error.__cause__, ssl.SSLCertVerificationError):
        detail = f"{host}: {error.__cause__.verify_message}"
        return ImageUrlRefused(ImageReason.CERTIFICATE_REFUSED, detail)
    timed_out = isinstance(error, httpcore.TimeoutException)
    reason = ImageReason.TIMED_OUT if timed_out else ImageReason.UNREACHABLE
    return ImageUnavailable(reason, f"{host}: {type(error).__name__}")
