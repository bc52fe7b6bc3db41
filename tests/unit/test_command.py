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


WORKING = {
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "SUPABASE_URL": "http://127.0.0.1:1",
    "SUPABASE_SERVICE_ROLE_KEY": "sb_secret_value",
    "OPENAI_API_KEY": "sk-value-of-a-key",
}


@pytest.mark.parametrize("service", [*SERVICES, "wearon-sizing"])
def test_a_redis_url_of_another_kind_ends_it_with_one_line_that_keeps_the_password(service: str) -> None:
    ended = run(service, **{**WORKING, "REDIS_URL": "http://:Secret9@127.0.0.1:1"})
    assert (ended.returncode, ended.stdout) == (2, "")
    [line] = ended.stderr.splitlines()
    assert line.startswith("REDIS_URL: must begin with redis://")


@pytest.mark.parametrize("service", SERVICES)
def test_what_ends_a_service_is_a_log_line_too(service: str) -> None:
    with socket.create_server(("0.0.0.0", 0)) as taken:  # noqa: S104 - where the service listens too
        ended = run(service, **WORKING, PORT=str(taken.getsockname()[1]))
    assert (ended.returncode, ended.stderr) == (1, "")
    [event] = [json.loads(line) for line in ended.stdout.splitlines()]
    assert (event["event"], event["service"], event["error"]) == ("service_failed", service, "OSError")
