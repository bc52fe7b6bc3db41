"""What docker-compose.prod.yml promises of every container, read as compose reads it."""

import re
from typing import Any

import pytest
from containers.engine import CommandFailed
from containers.production_file import SETTINGS, read_production

from scripts.write_configuration import SERVICES
from wearon_common.settings import describe_settings

OURS = {"consumer", "generator", "sizing"}
INTERNAL_NETWORKS = {"data", "monitoring", "docker"}
MAY_REACH_OUT = {
    *("nginx", "certbot", "sizing", "grafana", "blackbox-exporter", "whatsapp"),  # edge
    *("consumer", "generator"),  # app
}
SERVER_MIB = 4096
LEFT_TO_THE_SYSTEM_MIB = 256
# Fixed by the image: where it listens and where its model is.
SET_BY_THE_IMAGE = {"HOST", "PORT", "POSE_MODEL_PATH"}
NO_HEALTH_CHECK = {"nginx-exporter"}


@pytest.fixture(scope="module")
def production() -> dict[str, Any]:
    return read_production()


@pytest.fixture(scope="module")
def services(production: dict[str, Any]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = production["services"]
    return found


def test_only_nginx_publishes_ports(services: dict[str, dict[str, Any]]) -> None:
    published = {name: [port["published"] for port in one.get("ports", [])] for name, one in services.items()}

    assert {name: ports for name, ports in published.items() if ports} == {"nginx": ["80", "443"]}


def test_every_container_is_confined(services: dict[str, dict[str, Any]]) -> None:
    for name, service in services.items():
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["read_only"] is True, name
        assert not service.get("privileged"), name


def test_capabilities_come_back_to_nginx_alone(services: dict[str, dict[str, Any]]) -> None:
    added = {name: set(one["cap_add"]) for name, one in services.items() if one.get("cap_add")}

    assert added == {"nginx": {"CHOWN", "SETUID", "SETGID", "NET_BIND_SERVICE"}}


def test_every_container_comes_back_is_stopped_patiently_and_keeps_few_logs(
    services: dict[str, dict[str, Any]],
) -> None:
    for name, service in services.items():
        assert service["restart"] == "unless-stopped", name
        assert "stop_grace_period" in service, name
        assert set(service["logging"]["options"]) == {"max-size", "max-file"}, name


def test_every_container_has_limits_that_fit_the_server_while_sizing_is_rolled(
    services: dict[str, dict[str, Any]],
) -> None:
    assert all(one["cpus"] and one["pids_limit"] for one in services.values())
    memory_mib = {name: int(one["mem_limit"]) / 2**20 for name, one in services.items()}
    assert sum(memory_mib.values()) + memory_mib["sizing"] <= SERVER_MIB - LEFT_TO_THE_SYSTEM_MIB


def test_every_container_has_a_health_check(services: dict[str, dict[str, Any]]) -> None:
    # Ours is part of the images.
    assert {name for name, one in services.items() if "healthcheck" not in one} == NO_HEALTH_CHECK | OURS


def test_every_foreign_image_has_an_exact_tag_and_nothing_is_built(
    services: dict[str, dict[str, Any]],
) -> None:
    for name in services.keys() - OURS:
        assert re.fullmatch(r"[a-z0-9./_-]+:v?\d+\.\d+\.\d+(-alpine)?", services[name]["image"]), name
    assert not [name for name, one in services.items() if "build" in one]


def test_a_container_reaches_out_only_where_its_work_is_outside(production: dict[str, Any]) -> None:
    networks = production["networks"]
    assert {name for name, one in networks.items() if one.get("internal")} == INTERNAL_NETWORKS
    out = {name for name, one in production["services"].items() if set(one["networks"]) - INTERNAL_NETWORKS}
    assert out == MAY_REACH_OUT


def test_nobody_but_alloy_and_its_proxy_is_near_the_engine(services: dict[str, dict[str, Any]]) -> None:
    assert {name for name, one in services.items() if "docker" in one["networks"]} == {
        "alloy",
        "docker-proxy",
    }
    sockets = {
        name
        for name, one in services.items()
        for volume in one.get("volumes", [])
        if volume["source"].endswith("docker.sock")
    }
    assert sockets == {"docker-proxy"}


def test_nothing_is_bound_to_one_container_a_service(services: dict[str, dict[str, Any]]) -> None:
    assert not [name for name, one in services.items() if "container_name" in one]


@pytest.mark.parametrize("service", sorted(OURS))
def test_a_service_is_given_its_own_settings_and_no_others(
    service: str, services: dict[str, dict[str, Any]]
) -> None:
    known = {name for name, _default, _meaning in describe_settings(SERVICES[service])}

    assert set(services[service]["environment"]) == known - SET_BY_THE_IMAGE


def test_an_optional_setting_is_passed_on() -> None:
    services = read_production({**SETTINGS, "WORKER_CONCURRENCY": "7"})["services"]

    assert services["generator"]["environment"]["WORKER_CONCURRENCY"] == "7"


@pytest.mark.parametrize("name", sorted(SETTINGS.keys() - {"COMPOSE_PROFILES"}))
def test_a_missing_setting_is_named(name: str) -> None:
    with pytest.raises(CommandFailed, match=rf"required variable {name} is missing"):
        read_production({**SETTINGS, name: ""})


def test_replicas_are_settings() -> None:
    services = read_production({**SETTINGS, "SIZING_REPLICAS": "2", "GENERATOR_REPLICAS": "4"})["services"]

    assert services["sizing"]["deploy"]["replicas"] == 2
    assert services["generator"]["deploy"]["replicas"] == 4


def test_redis_may_be_elsewhere() -> None:
    elsewhere = "rediss://default:secret@redis.example:6379"
    external = {"REDIS_URL": elsewhere, "COMPOSE_PROFILES": "", "DATA_NETWORK_INTERNAL": "false"}

    production = read_production({**SETTINGS, **external})

    assert "redis" not in production["services"]
    assert not production["networks"]["data"].get("internal")
    for name, variable in (
        ("consumer", "REDIS_URL"),
        ("generator", "REDIS_URL"),
        ("sizing", "REDIS_URL"),
        ("redis-exporter", "REDIS_ADDR"),
    ):
        assert production["services"][name]["environment"][variable] == elsewhere
    assert f"--broker-url={elsewhere}" in production["services"]["celery-exporter"]["command"]
