import asyncio
import ssl
from datetime import timedelta
from pathlib import Path

import pytest
from certificate_authority import CertificateAuthority
from hostile_images import photo
from integration.images.fetch_image import fetch_image
from integration.images.fixed_resolver import FixedResolver
from integration.images.hostile_servers import answering, serving, whole

from wearon_common.images import ImageFetcher, ImageReason, ImageUnavailable, ImageUrlRefused

HOST = "images.example"
HONEST = answering(whole(photo()))


async def fetch_over_tls(
    server_context: ssl.SSLContext | None, client_context: ssl.SSLContext | None
) -> bytes:
    async with serving(HONEST, server_context) as server:
        fetcher = ImageFetcher(
            frozenset({f"{HOST}:{server.port}"}),
            resolver=FixedResolver(["127.0.0.1"]),
            ssl_context=client_context,
            timeout=timedelta(seconds=20),
        )
        async with fetcher:
            return await fetch_image(fetcher, f"https://{HOST}:{server.port}/secret?token=secret")


@pytest.fixture
def authority(tmp_path: Path) -> CertificateAuthority:
    return CertificateAuthority(tmp_path)


def test_the_certificate_is_asked_and_checked_for_the_name_although_the_address_is_dialled(
    authority: CertificateAuthority,
) -> None:
    asked: list[str | None] = []
    context = authority.server_context(HOST)
    context.sni_callback = lambda _socket, name, _context: asked.append(name)

    assert asyncio.run(fetch_over_tls(context, authority.client_context())) == photo()
    assert asked == [HOST]


@pytest.mark.parametrize(
    "host", ["other.example", "127.0.0.1", "*.example.com", "example", "images.example.evil"]
)
def test_a_certificate_for_another_name_is_refused(authority: CertificateAuthority, host: str) -> None:
    with pytest.raises(ImageUrlRefused) as refusal:
        asyncio.run(fetch_over_tls(authority.server_context(host), authority.client_context()))
    assert refusal.value.reason is ImageReason.CERTIFICATE_REFUSED
    assert "secret" not in str(refusal.value)


def test_an_authority_that_nobody_knows_is_refused(authority: CertificateAuthority) -> None:
    with pytest.raises(ImageUrlRefused) as refusal:
        asyncio.run(fetch_over_tls(authority.server_context(HOST), None))
    assert refusal.value.reason is ImageReason.CERTIFICATE_REFUSED


def test_an_expired_certificate_is_refused(authority: CertificateAuthority) -> None:
    expired = authority.server_context(HOST, age=timedelta(days=2), lifetime=timedelta(days=1))
    with pytest.raises(ImageUrlRefused) as refusal:
        asyncio.run(fetch_over_tls(expired, authority.client_context()))
    assert refusal.value.reason is ImageReason.CERTIFICATE_REFUSED


def test_a_server_that_speaks_no_tls_is_not_spoken_to(authority: CertificateAuthority) -> None:
    async def attempt() -> None:
        async with asyncio.timeout(20):
            await fetch_from_plain_server(authority.client_context())

    with pytest.raises(ImageUnavailable) as failure:
        asyncio.run(attempt())
    assert failure.value.reason is ImageReason.UNREACHABLE


async def fetch_from_plain_server(client_context: ssl.SSLContext) -> None:
    async def speak_first(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(whole(photo()))
        writer.close()

    async with await asyncio.start_server(speak_first, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        resolver = FixedResolver(["127.0.0.1"])
        listed = frozenset({f"{HOST}:{port}"})
        async with ImageFetcher(listed, resolver=resolver, ssl_context=client_context) as fetcher:
            await fetch_image(fetcher, f"https://{HOST}:{port}/a")
