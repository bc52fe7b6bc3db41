"""docker-compose.yml: everything for development, without an account."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from containers.engine import docker, own_project
from containers.try_ons import TryOns, environment_of

from wearon_devkit.checkout import CHECKOUT

PROJECT = ["compose", "--project-name", own_project("dev"), "--project-directory", str(CHECKOUT)]
ANY_PORT = dict.fromkeys(("REDIS_PORT", "DATABASE_PORT", "SUPABASE_PORT", "SIZING_PORT"), "0")
STAND_INS = {
    "SUPABASE_URL": "http://supabase:54321",
    "SUPABASE_SERVICE_ROLE_KEY": "sb_secret_local-development",
    "OPENAI_BASE_URL": "http://openai:8080/v1",
    "OPENAI_API_KEY": "sk-local-preview",
    "IMAGE_FETCH_PRIVATE_HOSTS": "supabase:54321",
}
SERVICES = ("consumer", "generator", "sizing")


def compose(*words: str, text: str | None = None) -> str:
    file = ["--env-file", "/dev/null", "--file", str(CHECKOUT / "docker-compose.yml")]
    return docker(*PROJECT, *file, *words, text=text, variables=ANY_PORT)


@pytest.fixture(scope="module")
def stack() -> Iterator[None]:
    try:
        compose("up", "--build", "--detach", "--wait")
        yield
    finally:
        compose("down", "--volumes", "--timeout", "2")


@pytest.fixture(scope="module")
def services() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = json.loads(compose("config", "--format", "json"))["services"]
    return found


def test_it_needs_no_setting_and_tasks_complete(stack: None) -> None:
    try_ons = TryOns(
        lambda *command, text=None: compose("exec", "-T", "openai", *command, text=text),
        environment_of(STAND_INS, "redis://redis:6379/0"),
    )

    assert try_ons.complete(2) == "submit: 2 completed"
    assert "books balance" in try_ons.books()


def test_sizing_answers_on_this_machine(stack: None) -> None:
    address = compose("port", "sizing", "8000")

    assert httpx.get(f"http://{address}/health", timeout=10, trust_env=False).json()["status"] == "ok"


def test_ports_are_for_this_machine_alone(services: dict[str, dict[str, Any]]) -> None:
    addresses = {port["host_ip"] for one in services.values() for port in one.get("ports", [])}

    assert addresses == {"127.0.0.1"}


@pytest.mark.parametrize("service", SERVICES)
def test_a_change_of_its_code_or_of_the_shared_code_rebuilds_a_service(
    service: str, services: dict[str, dict[str, Any]]
) -> None:
    watched = {
        Path(rule["path"]) for rule in services[service]["develop"]["watch"] if rule["action"] == "rebuild"
    }

    assert watched == {CHECKOUT / "libs/wearon_common/src", CHECKOUT / "services" / service / "src"}
