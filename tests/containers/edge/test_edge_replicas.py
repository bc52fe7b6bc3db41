"""Replicas of sizing come and go, and no caller notices."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from containers.edge.edge import PYTHON_IMAGE, Edge
from containers.edge.edge_traffic import Traffic
from containers.engine import docker

_NOTICED_WITHIN_S = 5
_ON_A_BUSY_MACHINE = 3


@pytest.fixture(scope="module")
def edge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Edge]:
    with Edge.run(tmp_path_factory.mktemp("edge")) as edge:
        yield edge


def test_a_new_replica_is_asked_within_five_seconds(edge: Edge) -> None:
    with edge.upstream("sizing") as first, Traffic.on(edge) as traffic:
        traffic.waited_for(first)
        with edge.upstream("sizing") as new:
            assert traffic.waited_for(new) < _ON_A_BUSY_MACHINE * _NOTICED_WITHIN_S
    assert set(traffic.outcomes) == {"200"}


@pytest.mark.parametrize(
    "leave",
    [
        pytest.param(["stop", "--time", "20"], id="drained"),
        pytest.param(["kill"], id="killed"),
    ],
)
def test_no_request_fails_when_a_replica_leaves(edge: Edge, leave: list[str]) -> None:
    with edge.upstream("sizing"), edge.upstream("sizing") as leaving, Traffic.on(edge) as traffic:
        traffic.waited_for(leaving)
        docker(*leave, leaving)
        time.sleep(4)  # longer than its address is remembered
    assert set(traffic.outcomes) == {"200"}


def test_a_replica_that_does_not_listen_yet_is_passed_over(edge: Edge) -> None:
    with edge.upstream("sizing") as ready, _deaf(edge), edge.client() as client:
        answers = [client.post("/estimate-body", json={}) for _ in range(20)]
    assert {answer.json().get("replica") for answer in answers} == {ready}


def test_an_address_that_has_gone_is_passed_over(edge: Edge) -> None:
    with edge.upstream("sizing") as there, edge.upstream("sizing") as leaving, edge.client() as client:
        client.get("/health")  # both addresses are remembered now
        docker("network", "disconnect", edge.network, leaving)
        answers = [client.post("/estimate-body", json={}) for _ in range(20)]
    assert {answer.json().get("replica") for answer in answers} == {there}


def test_replicas_replaced_one_by_one_lose_no_request(edge: Edge) -> None:
    with ExitStack() as stack:
        serving = stack.enter_context(edge.upstream("sizing"))
        traffic = stack.enter_context(Traffic.on(edge))
        for _ in range(2):
            following = stack.enter_context(edge.upstream("sizing"))
            time.sleep(_NOTICED_WITHIN_S)
            docker("stop", "--time", "20", serving)
            serving = following
        traffic.waited_for(serving)
        traffic.end()
    assert set(traffic.outcomes) == {"200"}
    assert traffic.outcomes["200"] > 50


def test_an_edge_that_is_stopped_finishes_what_it_has_begun(tmp_path: Path) -> None:
    with (
        Edge.run(tmp_path) as edge,
        edge.upstream("sizing"),
        edge.client() as client,
        ThreadPoolExecutor(1) as threads,
    ):
        running = threads.submit(client.post, "/estimate-body", json={"sleep_s": 8})
        time.sleep(3)
        docker("stop", "--time", "20", edge.container)
        assert running.result().status_code == 200


@contextmanager
def _deaf(edge: Edge) -> Iterator[None]:
    where = ("--network", edge.network, "--network-alias", "sizing")
    container = docker("run", "--detach", "--init", *where, PYTHON_IMAGE, "sleep", "600")
    try:
        yield
    finally:
        docker("rm", "--force", container)
