"""A container whose program dies comes back; so does everything when the engine restarts. No task is lost."""

import os
import shlex
import subprocess
import time
from collections.abc import Iterator

import pytest
from containers.engine import CommandFailed, docker, own_project
from containers.production_stack import CANNOT_BE_HEALTHY, ProductionStack
from containers.stack.sudden_death import kill_program
from containers.try_ons import TryOns
from processes import wait_for

BACK_WITHIN_S = 30
SLOW_MACHINE = 3  # times as slow as the one that the 30 s are promised for
SETTLED_WITHIN_S = 240
RESTARTED_WITHIN_S = 400  # a generator is given the time of its longest generation
RESTART = "RESTART_DOCKER_ENGINE"
SERVICES = [
    *("nginx", "certbot", "sizing", "consumer", "generator", "redis"),
    *("prometheus", "grafana", "loki", "alloy", "docker-proxy"),
    *("celery-exporter", "redis-exporter", "node-exporter", "blackbox-exporter"),
]
# A dead generator's task comes back after the visibility timeout, which is above the longest generation.
SOONER = {
    "GENERATION_DEADLINE_SECONDS": "30",
    "GENERATION_LEASE_SECONDS": "10",
    "BROKER_VISIBILITY_TIMEOUT_SECONDS": "45",
    "CONSUMER_HEARTBEAT_SECONDS": "6",
    "SWEEP_GRACE_SECONDS": "60",
    "SWEEP_INTERVAL_SECONDS": "10",
}


@pytest.fixture(scope="module")
def stack(images: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProductionStack]:
    with ProductionStack.started(own_project("crash"), tmp_path_factory.mktemp("crash"), **SOONER) as stack:
        yield stack


@pytest.fixture(scope="module")
def try_ons(stack: ProductionStack) -> TryOns:
    return TryOns.asked_in(stack)


@pytest.mark.parametrize("service", SERVICES)
def test_a_container_whose_program_is_killed_is_healthy_again_in_time(
    stack: ProductionStack, try_ons: TryOns, service: str
) -> None:
    if service in stack.idle:
        pytest.skip(f"the image of {service} cannot be pulled")
    try_ons.begin(2)
    before = stack.inspect(service)[0]

    kill_program(before["State"]["Pid"])
    killed_s = time.monotonic()

    within_s = BACK_WITHIN_S * max(SLOW_MACHINE, _slowness())
    assert wait_for(lambda: _restarts_of(before["Id"]) > before["RestartCount"], within_s, every_s=0.2)
    stack.wait_until_healthy([service], within_s=killed_s + within_s - time.monotonic())


def _restarts_of(container: str) -> int:
    return int(docker("inspect", "--format", "{{.RestartCount}}", container))


def _slowness() -> float:
    """Say how many times longer things take on this machine because it is busy with something else."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def test_no_task_was_lost_in_the_crashes(try_ons: TryOns) -> None:
    _wait_until_settled(try_ons)


@pytest.mark.skipif(
    RESTART not in os.environ, reason=f"restarts the engine: {RESTART} is not the command to do so"
)
@pytest.mark.timeout(1200)
def test_everything_comes_back_when_the_engine_is_restarted(stack: ProductionStack, try_ons: TryOns) -> None:
    try_ons.begin(6)

    subprocess.run(shlex.split(os.environ[RESTART]), check=True, timeout=RESTARTED_WITHIN_S)  # noqa: S603 - the caller's own

    stack.wait_until_healthy(set(stack.services()) - CANNOT_BE_HEALTHY)
    _wait_until_settled(try_ons)
    assert try_ons.complete(1) == "submit: 1 completed"


def _wait_until_settled(try_ons: TryOns) -> None:
    assert wait_for(lambda: "+ 0 live; books balance" in _books(try_ons), SETTLED_WITHIN_S, every_s=2), (
        _books(try_ons)
    )


def _books(try_ons: TryOns) -> str:
    """Read them; for a while after a crash there are leases that have run out."""
    try:
        return try_ons.books()
    except CommandFailed as error:
        return error.said
