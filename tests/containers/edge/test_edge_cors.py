"""CORS: the storefronts' exact origins, and nobody else."""

from collections.abc import Iterator

import httpx
import pytest
from containers.edge.edge import Edge

SHOPS = ["https://shop.example", "https://boutique.example:8443"]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    folder = tmp_path_factory.mktemp("edge")
    with (
        Edge.run(folder, {"CORS_ORIGINS": " ".join(SHOPS)}) as edge,
        edge.upstream("sizing", "grafana"),
        edge.client() as client,
    ):
        yield client


@pytest.mark.parametrize("shop", SHOPS)
def test_a_shop_may_read_the_answer(client: httpx.Client, shop: str) -> None:
    headers = client.post("/estimate-body", headers={"Origin": shop}, json={}).headers
    assert headers.get_list("Access-Control-Allow-Origin") == [shop]
    assert headers["Access-Control-Expose-Headers"] == "X-Request-Id, Retry-After"
    assert headers.get_list("Vary") == ["Origin"]
    assert "Access-Control-Allow-Credentials" not in headers


@pytest.mark.parametrize("shop", SHOPS)
def test_a_shop_is_told_what_it_may_send(client: httpx.Client, shop: str) -> None:
    answer = _preflight(client, shop)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["Access-Control-Allow-Origin"] == shop
    assert answer.headers["Access-Control-Allow-Methods"] == "GET, POST"
    assert answer.headers["Access-Control-Allow-Headers"] == "Content-Type, X-Request-Id"


@pytest.mark.parametrize(
    "stranger",
    [
        *(
            "https://evil.example",
            "http://shop.example",
            "https://shop.example:444",
            "https://shop.example.evil",
        ),
        *("https://evilshop.example", "null", "https://boutique.example"),
    ],
)
def test_a_stranger_gets_no_cors_header(client: httpx.Client, stranger: str) -> None:
    for answer in (client.get("/health", headers={"Origin": stranger}), _preflight(client, stranger)):
        assert not [name for name in answer.headers if name.startswith("access-control-")]
        assert answer.headers["Vary"] == "Origin"


def test_an_error_can_be_read_by_a_shop_too(client: httpx.Client) -> None:
    for path, size in (("/nowhere", 0), ("/estimate-body", 20_000)):
        answer = client.post(path, headers={"Origin": SHOPS[0]}, content=b"x" * size)
        assert answer.is_client_error
        assert answer.headers.get_list("Access-Control-Allow-Origin") == [SHOPS[0]]


def test_what_the_service_says_about_cors_is_replaced(client: httpx.Client) -> None:
    said = {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Credentials": "true", "Vary": "Origin"}
    headers = client.post("/estimate-body", headers={"Origin": SHOPS[0]}, json={"headers": said}).headers
    assert headers.get_list("Access-Control-Allow-Origin") == [SHOPS[0]]
    assert headers.get_list("Vary") == ["Origin"]
    assert "Access-Control-Allow-Credentials" not in headers


def test_options_that_are_no_preflight_are_the_services_business(client: httpx.Client) -> None:
    assert client.options("/health").json()["method"] == "OPTIONS"


def test_grafana_is_not_opened_to_shops(client: httpx.Client) -> None:
    assert "Access-Control-Allow-Origin" not in client.get("/grafana/", headers={"Origin": SHOPS[0]}).headers


def _preflight(client: httpx.Client, origin: str) -> httpx.Response:
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    return client.options("/estimate-body", headers={"Origin": origin, **asked})
