"""The production stack, started as on a server."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from containers.engine import CommandFailed, docker, own_project
from containers.production_stack import ProductionStack
from containers.stack_certificate import install_certificate
from containers.stack_prometheus import wait_until_scraped
from containers.try_ons import TryOns
from processes import wait_for

from wearon_common import keys
from wearon_devkit.pictures import PERSONS
from wearon_devkit.services import INSTALLED_SCRIPTS


@pytest.fixture(scope="module")
def stack(images: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProductionStack]:
    folder = tmp_path_factory.mktemp("production")
    with ProductionStack.started(own_project("stack"), folder, GENERATOR_REPLICAS="2") as stack:
        yield stack


@pytest.fixture(scope="module")
def try_ons(stack: ProductionStack) -> TryOns:
    return TryOns.asked_in(stack)


def test_tasks_of_both_channels_complete_and_the_books_balance(try_ons: TryOns) -> None:
    assert try_ons.complete(3, "b2c") == "submit: 3 completed"
    assert try_ons.complete(2, "b2b") == "submit: 2 completed"
    assert "books balance" in try_ons.books()


def test_plain_http_is_sent_on_to_https(stack: ProductionStack) -> None:
    address = stack.address("nginx", 80)

    answer = httpx.get(f"http://{address}/health", headers={"Host": "localhost"}, trust_env=False)

    assert answer.status_code == 308
    assert answer.headers["location"].startswith("https://localhost/")


def test_a_photo_is_measured_over_tls(stack: ProductionStack, tmp_path: Path) -> None:
    trusted = install_certificate(stack, "localhost", tmp_path)
    site = f"https://localhost:{stack.address('nginx', 443).rsplit(':', 1)[1]}"

    answer = httpx.post(
        f"{site}/estimate-body/upload",
        files={"image": PERSONS[0].path.read_bytes()},
        data={"height_cm": "170"},
        verify=trusted,
        timeout=30,
        trust_env=False,
    )

    assert answer.status_code == 200, answer.text
    assert answer.json()["recommended_size"]


def test_redis_keeps_every_task_on_disk_and_wants_its_password(stack: ProductionStack) -> None:
    settings = stack.inside("redis", "redis-cli", "config", "get", "append*", "maxmemory-policy").split()
    named = dict(zip(settings[::2], settings[1::2], strict=True))
    assert named["appendonly"] == "yes"
    assert named["appendfsync"] == "everysec"
    assert named["maxmemory-policy"] == "noeviction"

    refused = stack.inside("redis", "sh", "-c", "unset REDISCLI_AUTH; redis-cli ping")
    assert refused.startswith("NOAUTH")


def test_dead_letters_are_listed_from_the_server_as_the_runbooks_say(stack: ProductionStack) -> None:
    [redis] = stack.containers("redis")
    networks = f'{{{{(index .NetworkSettings.Networks "{stack.project}_data").IPAddress}}}}'
    address = docker("inspect", "--format", networks, redis).strip()
    stack.inside("redis", "redis-cli", "lpush", keys.TASKS, "garbage")
    url = f"redis://:{stack.settings['REDIS_PASSWORD']}@{address}:6379/0"

    def listed() -> str:
        return subprocess.run(  # noqa: S603 - our own
            [INSTALLED_SCRIPTS / "wearon-dev", "dead-letters", "list", "--from-environment"],
            env={"REDIS_URL": url},
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    assert wait_for(lambda: "invalid_task" in listed(), 30, every_s=1), listed()


def test_the_password_of_redis_is_no_argument_of_a_program(stack: ProductionStack) -> None:
    for service in ("redis", "consumer", "generator", "sizing"):
        arguments = stack.inside(
            service, "sh", "-c", "cat /proc/[0-9]*/cmdline || true"
        )  # one may end meanwhile
        assert arguments, service
        assert stack.settings["REDIS_PASSWORD"] not in arguments, service


@pytest.mark.parametrize("service", ["redis", "prometheus"])
def test_a_container_without_business_outside_has_no_way_out(stack: ProductionStack, service: str) -> None:
    assert not _has_way_out(stack, service)


@pytest.mark.parametrize("service", ["consumer", "generator", "sizing", "nginx"])
def test_a_container_with_business_outside_has_a_way_out(stack: ProductionStack, service: str) -> None:
    assert _has_way_out(stack, service)


def _has_way_out(stack: ProductionStack, service: str) -> bool:
    """Look for a default route: a line whose destination is 0."""
    routes = stack.inside(service, "cat", "/proc/net/route").splitlines()[1:]
    return any(route.split()[1] == "00000000" for route in routes)


@pytest.mark.parametrize("service", ["consumer", "generator", "sizing"])
def test_a_service_writes_nowhere_but_to_its_tmpfs_and_is_nobody(
    stack: ProductionStack, service: str
) -> None:
    assert stack.inside(service, "id", "-u") == "10001"
    stack.inside(service, "touch", "/tmp/mark")  # noqa: S108 - in the container
    with pytest.raises(CommandFailed, match="Read-only file system"):
        stack.inside(service, "touch", "/opt/mark")


def test_prometheus_reaches_the_services(stack: ProductionStack) -> None:
    wait_until_scraped(stack, "consumer", "generator", "sizing")


def test_nothing_but_nginx_listens_on_the_host(stack: ProductionStack) -> None:
    label = f"label=com.docker.compose.project={stack.project}"
    lines = docker(
        "ps", "--filter", label, "--format", '{{.Label "com.docker.compose.service"}}={{.Ports}}'
    ).splitlines()

    assert {line.split("=")[0] for line in lines if "->" in line} == {"nginx"}
