import asyncio
import gzip
from datetime import timedelta

import pytest
from hostile_images import photo
from integration.images.fetch_image import fetch_image
from integration.images.hostile_servers import (
    Behaviour,
    HostileServer,
    answering,
    endlessly,
    head,
    serving,
    silent,
    whole,
)

from wearon_common.images import (
    ImageError,
    ImageFetcher,
    ImageReason,
    ImageRejected,
    ImageRoom,
    ImageUnavailable,
    decode_image,
)

MAX_BYTES = 100_000
PHOTO = photo("JPEG")
CHUNKED = "Transfer-Encoding: chunked"


async def fetch_from(behaviour: Behaviour, timeout_s: float = 20) -> tuple[bytes, HostileServer]:
    async with serving(behaviour) as server:
        address = f"127.0.0.1:{server.port}"
        limit = timedelta(seconds=timeout_s)
        async with ImageFetcher(
            frozenset({address}), room=ImageRoom(per_image=MAX_BYTES), timeout=limit
        ) as fetcher:
            return await fetch_image(fetcher, f"http://{address}/secret.jpg?token=secret"), server


def failure_of(behaviour: Behaviour, timeout_s: float = 20) -> ImageError:
    with pytest.raises(ImageError) as failure:
        asyncio.run(fetch_from(behaviour, timeout_s))
    assert "secret" not in repr(failure.value) + str(failure.value)
    return failure.value


def gzipped_bomb() -> bytes:
    return gzip.compress(PHOTO + bytes(20_000_000))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_an_honest_image_comes_back_byte_for_byte(kind: str) -> None:
    image = photo(kind)
    body, _ = asyncio.run(fetch_from(answering(whole(image, content_type=f"image/{kind.lower()}"))))
    assert body == image


@pytest.mark.parametrize(
    "parts",
    [
        [head(CHUNKED), b"%x\r\n" % len(PHOTO), PHOTO, b"\r\n0\r\n\r\n"],
        [head(), PHOTO],
        [whole(PHOTO).replace(b"HTTP/1.1", b"HTTP/1.0")],
        [b"HTTP/1.1 100 Continue\r\n\r\n", whole(PHOTO)],
        [whole(PHOTO, "content-encoding: identity", content_type="IMAGE/jpeg; q=1")],
        [whole(PHOTO + bytes(MAX_BYTES - len(PHOTO)))],
    ],
    ids=["chunked", "until close", "http 1.0", "100 first", "identity", "exactly the limit"],
)
def test_every_honest_way_to_send_an_image_is_understood(parts: list[bytes]) -> None:
    body, _ = asyncio.run(fetch_from(answering(*parts)))
    assert body.startswith(PHOTO)


def test_a_request_carries_no_more_than_it_must() -> None:
    _, server = asyncio.run(fetch_from(answering(whole(PHOTO))))
    request_line, *headers = server.requests[0].decode().strip().split("\r\n")
    assert request_line == "GET /secret.jpg?token=secret HTTP/1.1"
    assert sorted(header.split(":")[0] for header in headers) == [
        *("Accept", "Accept-Encoding", "Host", "User-Agent")
    ]
    assert f"Host: 127.0.0.1:{server.port}" in headers


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    "location", ["/other.jpg", "http://169.254.169.254/", "https://images.example/", "file:///"]
)
def test_a_redirect_is_refused_and_not_followed(status: int, location: str) -> None:
    async def attempt() -> list[bytes]:
        redirect = answering(whole(PHOTO, f"Location: {location}", status=f"{status} Moved"))
        async with (
            serving(redirect) as server,
            ImageFetcher(frozenset({f"127.0.0.1:{server.port}"})) as fetcher,
        ):
            with pytest.raises(ImageRejected) as rejection:
                await fetch_image(fetcher, f"http://127.0.0.1:{server.port}/a")
            assert rejection.value.reason is ImageReason.HTTP_STATUS
            return server.requests

    assert len(asyncio.run(attempt())) == 1


@pytest.mark.parametrize("status", [201, 204, 206, 300, 304, 400, 401, 403, 404, 410, 418])
def test_a_status_that_will_not_change_is_final(status: int) -> None:
    failure = failure_of(answering(whole(PHOTO, status=f"{status} Whatever")))
    assert (type(failure), failure.reason) == (ImageRejected, ImageReason.HTTP_STATUS)


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504, 599])
def test_a_status_that_may_pass_is_transient(status: int) -> None:
    failure = failure_of(answering(whole(PHOTO, status=f"{status} Whatever")))
    assert (type(failure), failure.reason) == (ImageUnavailable, ImageReason.HTTP_STATUS)
    assert failure.transient


@pytest.mark.parametrize(
    ("response", "reason"),
    [
        (whole(b"<html></html>", content_type="text/html"), ImageReason.NOT_AN_IMAGE),
        (whole(PHOTO, content_type="application/octet-stream"), ImageReason.NOT_AN_IMAGE),
        (whole(PHOTO, content_type="text/image/jpeg"), ImageReason.NOT_AN_IMAGE),
        (whole(PHOTO, content_type=None), ImageReason.NOT_AN_IMAGE),
        (whole(PHOTO, "Content-Type: text/html"), ImageReason.NOT_AN_IMAGE),
        (whole(b"", content_type="image/png"), ImageReason.NOT_AN_IMAGE),
        (whole(b"<html></html>", content_type="image/png"), ImageReason.NOT_AN_IMAGE),
        (whole(b"<svg onload='x()'/>", content_type="image/svg+xml"), ImageReason.NOT_AN_IMAGE),
        (whole(b"GIF89a" + bytes(40), content_type="image/gif"), ImageReason.NOT_AN_IMAGE),
        (whole(b"GIF89a" + bytes(40), content_type="image/jpeg"), ImageReason.NOT_AN_IMAGE),
        (whole(b" " + PHOTO), ImageReason.NOT_AN_IMAGE),
        (whole(gzip.compress(PHOTO), "Content-Encoding: gzip"), ImageReason.ENCODED),
        (whole(gzipped_bomb(), "Content-Encoding: gzip"), ImageReason.ENCODED),
        (whole(gzipped_bomb(), "Content-Encoding: gzip, gzip"), ImageReason.ENCODED),
        (whole(gzipped_bomb(), "Content-Encoding: br"), ImageReason.ENCODED),
        (
            whole(gzipped_bomb(), "Content-Encoding: identity", "Content-Encoding: deflate"),
            ImageReason.ENCODED,
        ),
        (whole(gzipped_bomb()), ImageReason.NOT_AN_IMAGE),
        (whole(PHOTO + bytes(MAX_BYTES)), ImageReason.TOO_LARGE),
        (head(f"Content-Length: {MAX_BYTES + 1}"), ImageReason.TOO_LARGE),
        (head("Content-Length: 99999999999999999999"), ImageReason.TOO_LARGE),
    ],
)
def test_what_is_no_image_of_a_fair_size_is_rejected(response: bytes, reason: ImageReason) -> None:
    failure = failure_of(answering(response))
    assert (type(failure), failure.reason) == (ImageRejected, reason)


@pytest.mark.parametrize(
    ("start", "piece", "reason"),
    [
        (head() + PHOTO, bytes(10_000), ImageReason.TOO_LARGE),
        (head(CHUNKED), b"2710\r\n" + bytes(10_000) + b"\r\n", ImageReason.TOO_LARGE),
        (head(CHUNKED), b"1\r\n\xff\r\n" * 1000, ImageReason.TOO_FRAGMENTED),
        (b"HTTP/1.1 200 OK\r\n", b"X-Padding: " + b"a" * 1000 + b"\r\n", ImageReason.UNREACHABLE),
        (b"HTTP/1.1 200 OK\r\nX-Padding: ", b"a" * 10_000, ImageReason.UNREACHABLE),
        (b"", b"\xff" * 10_000, ImageReason.UNREACHABLE),
        (head(CHUNKED) + b"1;", b"a" * 10_000, ImageReason.UNREACHABLE),
        (head(CHUNKED) + b"0\r\n", b"X-Trailer: a\r\n" * 1000, ImageReason.UNREACHABLE),
    ],
    ids=["body", "chunks", "tiny chunks", "headers", "header", "status line", "chunk extension", "trailers"],
)
def test_an_endless_answer_is_cut_off(start: bytes, piece: bytes, reason: ImageReason) -> None:
    assert failure_of(endlessly(start, piece)).reason is reason


@pytest.mark.parametrize(
    "behaviour",
    [
        silent(),
        endlessly(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n", pause_s=0.02),
        endlessly(b"HTTP/1.1 2", b"0", pause_s=0.02),
        endlessly(b"", b"HTTP/1.1 102 Processing\r\n\r\n", pause_s=0.02),
        endlessly(head() + PHOTO, b"\0", pause_s=0.02),
        endlessly(head("Content-Length: 90000") + PHOTO, b"\0", pause_s=0.02),
        endlessly(head(CHUNKED), b"1\r\n\xff\r\n", pause_s=0.02),
        endlessly(head("Content-Length: 90000") + PHOTO, b"", pause_s=0.02),
    ],
    ids=[
        *("nothing", "header drip", "status drip", "early answers", "body drip", "counted drip"),
        *("chunk drip", "stall"),
    ],
)
def test_a_slow_answer_ends_at_the_deadline(behaviour: Behaviour) -> None:
    failure = failure_of(behaviour, timeout_s=0.3)
    assert (type(failure), failure.reason) == (ImageUnavailable, ImageReason.TIMED_OUT)


@pytest.mark.parametrize(
    "response",
    [
        b"",
        b"garbage\r\n\r\n",
        b"HTTP/1.1\r\n\r\n",
        b"RTSP/1.0 200 OK\r\n\r\n",
        b"HTTP/1.1 200 /secret.jpg?token=secret\x00\r\n\r\n",
        head()[:-2],
        head("Content-Length: 90000") + PHOTO,
        head("Content-Length: -1") + PHOTO,
        head("Content-Length: 0x10") + PHOTO,
        head("Content-Length: " + "9" * 5000) + PHOTO,
        head("Content-Length: 5", "Content-Length: 6") + PHOTO,
        head("Transfer-Encoding: gzip") + PHOTO,
        head(CHUNKED) + b"zz\r\n" + PHOTO,
        head(CHUNKED) + b"-1\r\n" + PHOTO,
        head(CHUNKED) + b"FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF\r\n" + PHOTO,
        head(CHUNKED) + b"ff\r\n" + PHOTO[:100],
        head("Bad header") + PHOTO,
        head("X: a\x00b") + PHOTO,
    ],
)
def test_a_broken_exchange_may_be_tried_again(response: bytes) -> None:
    failure = failure_of(answering(response))
    assert (type(failure), failure.reason) == (ImageUnavailable, ImageReason.UNREACHABLE)


def test_switching_protocols_is_refused() -> None:
    switch = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: tcp\r\nConnection: upgrade\r\n\r\n"
    failure = failure_of(answering(switch, PHOTO))
    assert type(failure) in {ImageRejected, ImageUnavailable}


def test_a_content_length_that_is_too_short_gives_an_image_that_does_not_decode() -> None:
    body, _ = asyncio.run(fetch_from(answering(head("Content-Length: 300") + PHOTO)))
    with pytest.raises(ImageRejected):
        decode_image(body, None)


def test_a_second_answer_on_the_same_connection_reaches_nobody() -> None:
    async def fetch_twice() -> list[bytes]:
        stuffed = answering(whole(PHOTO) + whole(b"\xff\xd8\xffstuffed"))
        async with (
            serving(stuffed) as server,
            ImageFetcher(frozenset({f"127.0.0.1:{server.port}"})) as fetcher,
        ):
            return [await fetch_image(fetcher, f"http://127.0.0.1:{server.port}/{turn}") for turn in range(2)]

    assert asyncio.run(fetch_twice()) == [PHOTO, PHOTO]


def test_nobody_listening_is_transient() -> None:
    async def attempt() -> None:
        async with serving(silent()) as server:
            address = f"127.0.0.1:{server.port}"
        async with ImageFetcher(frozenset({address})) as fetcher:
            await fetch_image(fetcher, f"http://{address}/a")

    with pytest.raises(ImageUnavailable) as failure:
        asyncio.run(attempt())
    assert failure.value.reason is ImageReason.UNREACHABLE


def test_proxies_in_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    async def fetch_beside_a_proxy() -> list[bytes]:
        async with serving(answering(whole(b"\xff\xd8\xffproxy"))) as proxy:
            for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
                monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
            body, _ = await fetch_from(answering(whole(PHOTO)))
            assert body == PHOTO
            return proxy.requests

    assert asyncio.run(fetch_beside_a_proxy()) == []
