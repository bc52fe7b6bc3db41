"""The faults that the stand-in can be told to make."""

from collections.abc import Iterator

import httpx
import psycopg
import pytest
from fixtures_supabase_local import StandIn, running_stand_in

USER = "11111111-1111-4111-8111-111111111111"
CREDITS = "/rest/v1/user_credits"


@pytest.fixture(scope="module")
def stand_in(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    with running_stand_in(postgres, tmp_path_factory.mktemp("supabase")) as stand_in:
        yield stand_in


@pytest.fixture
def http(stand_in: StandIn, database_url: str) -> Iterator[httpx.Client]:
    with stand_in.http() as http:
        yield http
        http.delete("/__faults")


def credit_rows(database_url: str) -> int:
    with psycopg.connect(database_url) as connection:
        return connection.execute("select from public.user_credits").rowcount


def insert(http: httpx.Client) -> httpx.Response:
    return http.post(CREDITS, json={"user_id": USER})


@pytest.mark.parametrize(("kind", "status"), [("bad_gateway", 502), ("unavailable", 503)])
def test_a_fault_strikes_as_often_as_it_was_armed_and_does_no_work(
    http: httpx.Client, database_url: str, kind: str, status: int
) -> None:
    http.post("/__faults", json={"path_prefix": CREDITS, "kind": kind, "count": 2})
    assert [insert(http).status_code for _ in range(2)] == [status, status]
    assert credit_rows(database_url) == 0
    assert insert(http).status_code == 201


def test_a_fault_leaves_other_paths_alone(http: httpx.Client) -> None:
    http.post("/__faults", json={"path_prefix": "/storage", "kind": "unavailable"})
    assert insert(http).status_code == 201


def test_a_cut_connection_did_nothing(http: httpx.Client, database_url: str) -> None:
    http.post("/__faults", json={"path_prefix": CREDITS, "kind": "cut"})
    with pytest.raises(httpx.TransportError):
        insert(http)
    assert credit_rows(database_url) == 0


def test_a_connection_cut_after_the_commit_did_the_work(http: httpx.Client, database_url: str) -> None:
    http.post("/__faults", json={"path_prefix": CREDITS, "kind": "cut_after_commit"})
    with pytest.raises(httpx.TransportError):
        insert(http)
    assert credit_rows(database_url) == 1


def test_a_dripping_answer_never_ends_though_the_work_is_done(http: httpx.Client, database_url: str) -> None:
    http.post("/__faults", json={"path_prefix": CREDITS, "kind": "drip"})
    with http.stream("POST", CREDITS, json={"user_id": USER}) as response:
        drops = response.iter_raw()
        assert [next(drops) for _ in range(3)] == [b" "] * 3
    assert credit_rows(database_url) == 1
    assert http.get(CREDITS).json()


def test_a_slow_answer_outlasts_a_short_timeout_and_still_comes(
    http: httpx.Client, database_url: str
) -> None:
    http.post("/__faults", json={"path_prefix": CREDITS, "kind": "slow", "delay_s": 0.3, "count": 2})
    with pytest.raises(httpx.ReadTimeout):
        http.get(CREDITS, timeout=0.05)
    assert http.get(CREDITS).status_code == 200


def test_armed_faults_are_listed_and_can_be_disarmed(http: httpx.Client) -> None:
    armed = http.post("/__faults", json={"path_prefix": CREDITS, "kind": "cut"}).json()
    assert armed == [{"path_prefix": CREDITS, "kind": "cut", "count": 1, "delay_s": 0.0}]
    assert http.get("/__faults").json() == armed
    assert http.delete("/__faults").json() == []
    assert insert(http).status_code == 201


def test_a_fault_that_is_not_understood_is_not_armed(http: httpx.Client) -> None:
    assert http.post("/__faults", json={"path_prefix": CREDITS, "kind": "flood"}).status_code == 422
    assert http.get("/__faults").json() == []
