import ssl
from collections.abc import Sequence

import httpcore

from wearon_common.images.address import IPAddress
from wearon_common.images.connect import PinnedBackend
from wearon_common.images.errors import ImageError, ImageReason, ImageUnavailable, ImageUrlRefused
from wearon_common.images.response import read_image
from wearon_common.images.url import ImageUrl

# For one address, and again for its TLS handshake: leaves time to try the next one.
_CONNECT_TIMEOUT_S = 5.0


async def download(
    image_url: ImageUrl, addresses: Sequence[IPAddress], ssl_context: ssl.SSLContext, max_bytes: int
) -> bytes:
    """Get the image over one new connection to one of `addresses`. The caller sets the deadline.

    Raises:
        ImageUrlRefused: the host cannot prove its name.
        ImageUnavailable: the exchange broke off, or may succeed later.
        ImageRejected: the answer is not an image of at most `max_bytes`.
    """
    try:
        return await _exchange(image_url, addresses, ssl_context, max_bytes)
    except ImageError as error:
        raise type(error)(error.reason, f"{image_url.host}: {error.detail}") from None
    except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, OSError) as error:
        # Not chained: a protocol error quotes what the host sent, which may be the URL's signature.
        raise _failure(image_url.host, error) from None


async def _exchange(
    image_url: ImageUrl, addresses: Sequence[IPAddress], ssl_context: ssl.SSLContext, max_bytes: int
) -> bytes:
    url = httpcore.URL(
        scheme=image_url.scheme, host=image_url.host, port=image_url.port, target=image_url.target
    )
    connection = httpcore.AsyncHTTPConnection(
        url.origin, ssl_context, network_backend=PinnedBackend(addresses)
    )
    extensions = {"timeout": {"connect": _CONNECT_TIMEOUT_S}}
    async with (
        connection,
        connection.stream("GET", url, headers=_headers(image_url), extensions=extensions) as response,
    ):
        return await read_image(response, max_bytes)


def _headers(image_url: ImageUrl) -> list[tuple[bytes | str, bytes | str]]:
    return [
        ("Host", image_url.authority),
        ("User-Agent", "wearon-image-fetch"),
        ("Accept", "image/jpeg, image/png, image/webp"),
        ("Accept-Encoding", "identity"),
        ("Connection", "close"),
    ]


def _failure(host: str, error: Exception) -> ImageError:
    if isinstance(error.__cause__, ssl.SSLCertVerificationError):
        detail = f"{host}: {error.__cause__.verify_message}"
        return ImageUrlRefused(ImageReason.CERTIFICATE_REFUSED, detail)
    timed_out = isinstance(error, httpcore.TimeoutException)
    reason = ImageReason.TIMED_OUT if timed_out else ImageReason.UNREACHABLE
    return ImageUnavailable(reason, f"{host}: {type(error).__name__}")
