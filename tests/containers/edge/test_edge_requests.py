"""What a request carries through the edge, and what is written down about it."""

import re
from collections.abc import Iterator
from uuid import uuid4

import httpx
import pytest
from containers.edge.edge import Edge

MADE = re.compile(r"req_[0-9a-f]{32}")


@pytest.fixture(scope="module")
def edge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Edge]:
    with Edge.run(tmp_path_factory.mktemp("edge")) as edge, edge.upstream("sizing", "grafana"):
        yield edge


@pytest.fixture(scope="module")
def client(edge: Edge) -> Iterator[httpx.Client]:
    with edge.client() as client:
        yield client


@pytest.mark.parametrize("path", ["/health", "/grafana/", "/nowhere"])
@pytest.mark.parametrize("given", ["a", 'order 7/[b] "c" \\', "x" * 200])
def test_a_sane_request_id_is_taken_over(client: httpx.Client, path: str, given: str) -> None:
    answer = client.get(path, headers={"X-Request-Id": given})
    assert answer.headers.get_list("X-Request-Id") == [given]
    if answer.is_success:
        assert answer.json()["headers"]["x-request-id"] == given


@pytest.mark.parametrize("given", [b"x" * 201, b"\xc3\xa9", b"a\tb", b"", b"a@b.example"])
def test_any_other_request_id_is_replaced(client: httpx.Client, given: bytes) -> None:
    answer = client.get("/health", headers=[(b"X-Request-Id", given)])
    [returned] = answer.headers.get_list("X-Request-Id")
    assert MADE.fullmatch(returned)
    assert answer.json()["headers"]["x-request-id"] == returned


def test_requests_without_an_id_get_different_ones(client: httpx.Client) -> None:
    first, second = (client.get("/nowhere").headers["X-Request-Id"] for _ in range(2))
    assert MADE.fullmatch(first)
    assert first != second


def test_the_service_hears_of_the_client_only_from_the_edge(client: httpx.Client) -> None:
    forged = {
        "X-Forwarded-For": "1.2.3.4",
        "X-Real-IP": "1.2.3.4",
        "X-Forwarded-Proto": "http",
        "Forwarded": "for=1.2.3.4",
    }
    seen = client.get("/health", headers=forged).json()["headers"]
    assert "1.2.3.4" not in str(seen)
    assert seen["x-forwarded-for"] == seen["x-real-ip"]
    assert seen["x-forwarded-proto"] == "https"


def test_a_trusted_load_balancer_is_believed(tmp_path_factory: pytest.TempPathFactory) -> None:
    settings = {"TRUSTED_PROXIES": "0.0.0.0/0"}
    with (
        Edge.run(tmp_path_factory.mktemp("edge"), settings) as edge,
        edge.upstream("sizing"),
        edge.client() as client,
    ):
        answer = client.get("/health", headers={"X-Forwarded-For": "203.0.113.9"})
        assert answer.json()["headers"]["x-forwarded-for"] == "203.0.113.9"
        assert edge.line_about(answer.headers["X-Request-Id"])["client"] == "203.0.113.9"


def test_a_log_line_tells_what_happened(edge: Edge, client: httpx.Client) -> None:
    request_id = f"told-{uuid4()}"
    client.post("/estimate-body", json={"status": 503}, headers={"X-Request-Id": request_id})
    line = edge.line_about(request_id)
    facts = (
        line["event"],
        line["level"],
        line["method"],
        line["path"],
        line["status"],
        line["upstream_status"],
    )
    assert facts == ("http_request", "error", "POST", "/estimate-body", 503, "503")
    assert line["upstream"].endswith(":8000")
    assert line["duration_s"] >= float(line["upstream_duration_s"]) - 0.01


@pytest.mark.parametrize("path", ["/health", "/grafana/d/1", "/nowhere", "/metrics/..", "/.error"])
def test_no_query_body_or_referring_query_is_logged(edge: Edge, client: httpx.Client, path: str) -> None:
    secret = uuid4().hex
    answer = client.post(
        f"{path}?token={secret}",
        json={"status": 500, "image_url": secret},
        headers={"Referer": f"https://shop.example/p?q={secret}", "Authorization": secret},
    )
    assert edge.line_about(answer.headers["X-Request-Id"])["referer"] == "https://shop.example/p"
    assert secret not in edge.raw_log()


def test_no_query_is_logged_when_the_service_is_not_there(tmp_path_factory: pytest.TempPathFactory) -> None:
    secret = uuid4().hex
    with Edge.run(tmp_path_factory.mktemp("edge")) as edge, edge.client() as client:
        answer = client.get(f"/health?token={secret}")
        assert answer.status_code == 502
        edge.line_about(answer.headers["X-Request-Id"])
        assert secret not in edge.raw_log()
