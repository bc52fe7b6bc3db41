"""How much, how large and how slowly a client may ask."""

import http.client
import ssl
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import httpx
import pytest
from containers.edge.edge import Edge, trusting_anything

MIB = 1024 * 1024


@pytest.fixture(scope="module")
def edge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Edge]:
    with Edge.run(tmp_path_factory.mktemp("edge")) as edge, edge.upstream("sizing", "grafana"):
        yield edge


def test_a_client_that_asks_too_often_is_told_to_wait(tmp_path_factory: pytest.TempPathFactory) -> None:
    settings = {"RATE_LIMIT_PER_SECOND": "1", "RATE_LIMIT_BURST": "5"}
    with (
        Edge.run(tmp_path_factory.mktemp("edge"), settings) as edge,
        edge.upstream("sizing"),
        edge.client() as client,
    ):
        answers = [client.get("/health") for _ in range(20)]
        statuses = Counter(answer.status_code for answer in answers)
        assert statuses[200] >= 6  # the first one and the burst
        assert statuses[429] >= 5
        refused = next(answer for answer in answers if answer.status_code == 429)
        assert refused.json()["reason"] == "rate_limited"
        assert refused.headers["Retry-After"] == "1"
        assert edge.line_about(refused.headers["X-Request-Id"])["limit"] == "REJECTED"


def test_an_exempt_client_is_not_held_back(tmp_path_factory: pytest.TempPathFactory) -> None:
    settings = {"RATE_LIMIT_PER_SECOND": "1", "RATE_LIMIT_BURST": "1", "RATE_LIMIT_EXEMPT": "0.0.0.0/0"}
    with (
        Edge.run(tmp_path_factory.mktemp("edge"), settings) as edge,
        edge.upstream("sizing"),
        edge.client() as client,
    ):
        assert {client.get("/health").status_code for _ in range(20)} == {200}


@pytest.mark.parametrize(
    ("setting", "path"),
    [("RATE_LIMIT_CONNECTIONS", "/estimate-body"), ("UPLOADS_AT_ONCE", "/estimate-body/upload")],
)
def test_what_is_asked_beyond_so_many_at_once_must_wait(
    tmp_path_factory: pytest.TempPathFactory, setting: str, path: str
) -> None:
    with (
        Edge.run(tmp_path_factory.mktemp("edge"), {setting: "3"}) as edge,
        edge.upstream("sizing"),
        edge.client() as client,
        ThreadPoolExecutor(8) as threads,
    ):
        slow = {"sleep_s": 8}
        answers = list(threads.map(lambda _: client.post(path, json=slow), range(8)))
    assert Counter(answer.status_code for answer in answers) == {200: 3, 429: 5}


def test_a_picture_of_the_largest_size_comes_through(edge: Edge) -> None:
    with edge.client() as client:
        picture = {"image": ("photo.jpg", bytes(10 * MIB), "image/jpeg")}
        answer = client.post("/estimate-body/upload", files=picture, data={"height_cm": "175"})
    assert answer.status_code == 200
    assert answer.json()["body_bytes"] > 10 * MIB


@pytest.mark.parametrize(("path", "size"), [("/estimate-body/upload", 12 * MIB), ("/estimate-body", 20_000)])
def test_a_body_that_is_too_large_is_refused(edge: Edge, path: str, size: int) -> None:
    with edge.client() as client:
        answer = client.post(path, content=bytes(size))
    assert (answer.status_code, answer.json()["reason"]) == (413, "body_too_large")


def test_headers_that_are_too_large_are_refused(edge: Edge) -> None:
    with edge.client() as client:
        answer = client.get("/health", headers={"X-Large": "x" * 9000})
    assert (answer.status_code, answer.json()["reason"]) == (431, "headers_too_large")


def test_headers_that_are_too_large_end_an_http2_connection(edge: Edge) -> None:
    with edge.client(http2=True) as client, pytest.raises(httpx.RemoteProtocolError):
        client.get("/health", headers={"X-Large": "~" * 9000})


def test_an_address_that_is_too_long_is_refused(edge: Edge) -> None:
    with edge.client() as client:
        answer = client.get(f"/health?{'x' * 9000}")
    assert (answer.status_code, answer.json()["reason"]) == (414, "address_too_long")


def test_nonsense_is_a_bad_request(edge: Edge) -> None:
    with _connected(edge) as connection:
        connection.sendall(b"\x01\x02 nonsense\r\n\r\n")
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        assert answer.status == 400
        assert b"bad_request" in answer.read()


def test_slow_clients_are_cut_off(edge: Edge) -> None:
    stalled = [b"GET /health HTTP/1.1\r\nHost: ", _SLOW_BODY]
    with ExitStack() as stack:
        connections = [stack.enter_context(_connected(edge)) for _ in stalled]
        for connection, start in zip(connections, stalled, strict=True):
            connection.sendall(start)
        _trickle_headers_until_closed(stack.enter_context(_connected(edge)))
        for connection in connections:
            connection.settimeout(30)
            assert connection.recv(1000) == b""


_SLOW_BODY = b"POST /estimate-body HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\n\r\n"


def _trickle_headers_until_closed(connection: ssl.SSLSocket) -> None:
    connection.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n")
    connection.settimeout(1)
    for _ in range(30):
        try:
            connection.sendall(b"X-Slow: 1\r\n")
            assert connection.recv(1000) == b""
        except TimeoutError:
            continue
        except OSError:  # already closed, or reset
            pass
        return
    pytest.fail("the connection is still open")


def _connected(edge: Edge) -> ssl.SSLSocket:
    return edge.shake_hands(trusting_anything())
