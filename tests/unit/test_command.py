"""The command line that every service has."""

import json
import os
import re
import socket
import subprocess
import sysconfig
from pathlib import Path

import pytest

from wearon_common.settings import ServiceSettings, describe_settings
from wearon_consumer.settings import ConsumerSettings
from wearon_devkit.ports import free_port
from wearon_generator.settings import GeneratorSettings

SCRIPTS = Path(sysconfig.get_path("scripts"))
SERVICES: dict[str, type[ServiceSettings]] = {
    "wearon-consumer": ConsumerSettings,
    "wearon-generator": GeneratorSettings,
}


def run(service: str, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a service with nothing in its environment but `variables`."""
    return subprocess.run(  # noqa: S603 - it is ours
        [SCRIPTS / service, *arguments],
        env={"PATH": os.defpath, **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("service", SERVICES)
def test_missing_settings_end_it_with_a_line_each(service: str) -> None:
    ended = run(service)
    required = {name for name, default, _ in describe_settings(SERVICES[service]) if default == "required"}
    assert ended.returncode == 2
    assert {line.split(":")[0] for line in ended.stderr.splitlines()} == required
    assert ended.stdout == ""


@pytest.mark.parametrize(("service", "settings"), SERVICES.items())
def test_help_tells_every_setting_with_default_and_meaning(
    service: str, settings: type[ServiceSettings]
) -> None:
    shown = re.sub(r"\s+", " ", run(service, "--help").stdout)
    for name, default, meaning in describe_settings(settings):
        assert f"{name} [{default}]: {meaning}" in shown or (not default and f"{name}: {meaning}" in shown)


@pytest.mark.parametrize("service", SERVICES)
def test_the_version_is_told(service: str) -> None:
    assert re.fullmatch(rf"{service} \d+\.\d+\.\d+\n", run(service, "--version").stdout)


def ends_with(service: str, **variables: str) -> str:
    """Run a service that cannot work; give the name of the error that it ends with, logged in one line."""
    ended = run(
        service,
        **{
            "REDIS_URL": "redis://127.0.0.1:1/0",
            "SUPABASE_URL": "http://127.0.0.1:1",
            "SUPABASE_SERVICE_ROLE_KEY": "sb_secret_value",
            "OPENAI_API_KEY": "sk-value-of-a-key",
            "PORT": str(free_port()),
            **variables,
        },
    )
    assert (ended.returncode, ended.stderr) == (1, "")
    [event] = [json.loads(line) for line in ended.stdout.splitlines()]
    assert (event["event"], event["service"]) == ("service_failed", service)
    return str(event["error"])


@pytest.mark.parametrize("service", SERVICES)
def test_what_ends_a_service_is_a_log_line_too(service: str) -> None:
    assert ends_with(service, SUPABASE_URL="no URL") == "SupabaseException"


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_whose_port_is_taken_ends(service: str) -> None:
    with socket.create_server(("0.0.0.0", 0)) as taken:  # noqa: S104 - where the service listens too
        assert ends_with(service, PORT=str(taken.getsockname()[1])) == "OSError"
