"""A setting that cannot be right stops the edge, and its name is told."""

import json
from collections.abc import Iterator

import pytest
from containers.edge.edge import NGINX_IMAGE, nginx_arguments
from containers.engine import CommandFailed, docker

_RENDER = "/bin/sh /edge/render-settings.sh"


@pytest.fixture(scope="module")
def container() -> Iterator[str]:
    waiting = ("-c", "mkdir /run/edge/enabled && exec sleep 600")
    started = docker(
        "run", "--detach", "--init", "--network", "none", *nginx_arguments({}), NGINX_IMAGE, *waiting
    )
    yield started
    docker("rm", "--force", started)


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("DOMAIN", ""),
        ("DOMAIN", "Shop.example"),
        ("DOMAIN", "shop.example; return 200"),
        ("DOMAIN", "https://shop.example"),
        ("CORS_ORIGINS", "*"),
        ("CORS_ORIGINS", "https://shop.example/"),
        ("CORS_ORIGINS", "https://shop.example,https://other.example"),
        ("CORS_ORIGINS", 'https://shop.example "x'),
        ("TRUSTED_PROXIES", "load-balancer"),
        ("TRUSTED_PROXIES", "10.0.0.0/8;"),
        ("RATE_LIMIT_EXEMPT", "10.0.0.0/8\n;"),
        ("RATE_LIMIT_PER_SECOND", "0"),
        ("RATE_LIMIT_PER_SECOND", "1.5"),
        ("RATE_LIMIT_BURST", "5 6"),
        ("RATE_LIMIT_CONNECTIONS", "-1"),
        ("UPLOADS_AT_ONCE", "many"),
        ("HSTS_SECONDS", "-1"),
    ],
)
def test_a_bad_setting_stops_the_start_and_is_named(container: str, setting: str, value: str) -> None:
    with pytest.raises(CommandFailed) as failed:
        _in_container(container, _RENDER, {"DOMAIN": "shop.example", setting: value})
    assert failed.value.status == 64
    complaint = json.loads(failed.value.said)
    assert (complaint["event"], complaint["setting"]) == ("setting_invalid", setting)


def test_good_settings_make_a_valid_configuration(container: str) -> None:
    settings = {
        "DOMAIN": "  api.shop.example shop.example\n",
        "CORS_ORIGINS": "https://shop.example http://localhost:3000",
        "TRUSTED_PROXIES": "10.0.0.0/8 2001:db8::/32",
        "RATE_LIMIT_EXEMPT": "192.0.2.7 2001:db8::1",
        "HSTS_SECONDS": "0",
    }
    said = _in_container(container, f"{_RENDER} && nginx -t -c /edge/nginx.conf -e stderr 2>&1", settings)
    assert "[warn]" not in said
    assert "test is successful" in said


def test_the_container_stops_on_a_bad_setting() -> None:
    with pytest.raises(CommandFailed) as failed:
        docker("run", "--rm", *nginx_arguments({"DOMAIN": ""}), NGINX_IMAGE, "/edge/entrypoint.sh")
    assert failed.value.status == 64


def _in_container(container: str, script: str, settings: dict[str, str]) -> str:
    variables = [word for name, value in settings.items() for word in ("--env", f"{name}={value}")]
    return docker("exec", *variables, container, "/bin/sh", "-c", script)
