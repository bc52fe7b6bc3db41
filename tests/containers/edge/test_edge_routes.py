"""What the edge lets through, and what it answers itself."""

import http.client
from collections.abc import Iterator

import httpx
import pytest
from containers.edge.edge import NAME, Edge, trusting_anything
from containers.engine import docker
from websockets.sync.client import connect


@pytest.fixture(scope="module")
def edge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Edge]:
    with Edge.run(tmp_path_factory.mktemp("edge")) as edge, edge.upstream("sizing", "grafana"):
        yield edge


@pytest.fixture(scope="module")
def client(edge: Edge) -> Iterator[httpx.Client]:
    with edge.client() as client:
        yield client


@pytest.mark.parametrize(
    "path",
    [
        "/health",
        "/docs",
        "/openapi.json",
        "/estimate-body",
        "/estimate-body/upload",
        "/grafana/",
        "/grafana/d/a%2Fb?from=1",
    ],
)
def test_a_route_reaches_its_service_as_it_was_asked(client: httpx.Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.json()["target"] == path


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/",
            "/metrics",
            "/metrics/",
            "/redoc",
            "/docs/x",
            "/health/",
            "/estimate-bodyx",
            "/estimate-body/",
        ),
        *(
            "/grafana/metrics",
            "/grafana/metrics/",
            "/grafana/metrics?x=1",
            "/stub_status",
            "/healthy",
            "/.error",
        ),
    ],
)
def test_nothing_else_is_routed(client: httpx.Client, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        *("//metrics", "/health/../metrics", "/health/%2e%2e/metrics", "/%6detrics", "/grafana//metrics"),
        *("/grafana/./metrics", "/grafana/%6detrics", "/grafana/../metrics", "/grafana/..%2fmetrics"),
        *(
            "/metrics/..%2fhealth",
            "/metrics/..%2fgrafana/",
            "/grafana/x%2f..%2fmetrics",
            "/health/..\\metrics",
        ),
        *("/grafana/a%3Fb/../metrics", "/metrics%00", "/grafana/x/%2E%2E/metrics", "http://other/metrics"),
    ],
)
def test_no_spelling_of_a_path_reaches_metrics(edge: Edge, path: str) -> None:
    assert _status_of_raw_path(edge, path) in {400, 404, 421}


def _status_of_raw_path(edge: Edge, path: str) -> int:
    connection = http.client.HTTPSConnection(NAME, edge.port(443), timeout=10, context=trusting_anything())
    connection.putrequest("GET", path)
    connection.endheaders()
    try:
        return connection.getresponse().status
    finally:
        connection.close()


def test_a_websocket_of_grafana_is_opened(edge: Edge) -> None:
    url = f"{edge.url}/grafana/api/live/ws".replace("https:", "wss:")
    with connect(url, ssl=trusting_anything(), open_timeout=10) as websocket:
        assert websocket.recv(timeout=10) == "hello"


def test_plain_http_is_sent_to_https_with_its_method_and_query(edge: Edge) -> None:
    answer = httpx.post(f"{edge.plain_url}/estimate-body?a=1")
    assert answer.status_code == 308
    assert answer.headers["Location"] == f"https://{NAME}/estimate-body?a=1"
    assert "Strict-Transport-Security" not in answer.headers


def test_an_acme_challenge_is_answered_over_plain_http(edge: Edge) -> None:
    challenges = edge.acme / ".well-known" / "acme-challenge"
    challenges.mkdir(parents=True)
    (challenges / "token").write_text("proof")
    assert httpx.get(f"{edge.plain_url}/.well-known/acme-challenge/token").text == "proof"
    missing = httpx.get(f"{edge.plain_url}/.well-known/acme-challenge/other")
    assert (missing.status_code, missing.json()["reason"]) == (404, "not_found")


def test_a_name_that_is_not_ours_is_answered_for_by_nobody(edge: Edge, client: httpx.Client) -> None:
    for url in (f"{edge.plain_url}/health", "/health"):
        answer = client.get(url, headers={"Host": "other.example"})
        assert (answer.status_code, answer.json()["reason"]) == (421, "unknown_name")


def test_plain_http_on_the_tls_port_is_told_so(edge: Edge) -> None:
    answer = httpx.get(f"http://{NAME}:{edge.port(443)}/health")
    assert (answer.status_code, answer.json()["reason"]) == (400, "plain_http")


def test_an_error_of_the_service_passes_unchanged(client: httpx.Client) -> None:
    for status in (400, 404, 413, 422, 429, 500, 503):
        wanted = {"status": status, "headers": {"Retry-After": "7"}}
        answer = client.post("/estimate-body", json=wanted)
        assert (answer.status_code, answer.json()["method"]) == (status, "POST")
        assert answer.headers.get_list("Retry-After") == ["7"]


def test_a_service_that_is_not_there_is_a_502_that_says_when_to_come_back(
    edge: Edge, client: httpx.Client
) -> None:
    with Edge.run(edge.acme.parent / "alone") as alone, alone.client() as lonely:
        for path in ("/health", "/grafana/"):
            answer = lonely.get(path)
            assert (answer.status_code, answer.json()["reason"]) == (502, "unavailable")
            assert answer.headers["Retry-After"] == "1"


@pytest.mark.parametrize("path", ["/health", "/docs", "/grafana/", "/nowhere"])
def test_every_answer_carries_the_security_headers_once(client: httpx.Client, path: str) -> None:
    headers = client.get(path).headers
    assert headers.get_list("Strict-Transport-Security") == ["max-age=31536000"]
    assert headers.get_list("X-Content-Type-Options") == ["nosniff"]
    assert headers.get_list("Referrer-Policy") == ["strict-origin-when-cross-origin"]
    assert headers["Server"] == "nginx"


def test_the_documentation_may_load_what_swagger_needs_and_be_framed_by_nobody(client: httpx.Client) -> None:
    policy = client.get("/docs").headers["Content-Security-Policy"]
    assert "script-src 'unsafe-inline' https://cdn.jsdelivr.net/npm/" in policy
    assert "frame-ancestors 'none'" in policy


def test_the_exporter_finds_the_status_inside(edge: Edge) -> None:
    status = docker("exec", edge.container, "curl", "--silent", "http://127.0.0.1:8080/stub_status")
    assert status.startswith("Active connections:")


def test_an_edge_whose_watch_has_died_is_unhealthy(tmp_path_factory: pytest.TempPathFactory) -> None:
    with Edge.run(tmp_path_factory.mktemp("edge")) as edge:
        find = "grep -l '[w]atch-certificate' /proc/[0-9]*/cmdline || true"  # a process may end meanwhile
        watches = docker("exec", edge.container, "sh", "-c", find).splitlines()
        watch = min(int(path.split("/")[2]) for path in watches)  # it forks for what it looks at
        docker("exec", edge.container, "sh", "-c", f"kill {watch}")
        docker("exec", edge.container, "touch", "-d", "@0", "/run/edge/watching")
        assert not edge.is_healthy()
