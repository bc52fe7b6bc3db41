"""What first-deploy does to an empty server, short of installing packages."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from containers.engine import CommandFailed, docker

from wearon_devkit.checkout import CHECKOUT

BARE_IMAGE = "debian:bookworm-slim"
ASKED_FOR = {
    "DOMAIN": "api.example.com",
    "ACME_EMAIL": "who@example.com",
    "SUPABASE_URL": "https://abc.supabase.co",
    "SUPABASE_SERVICE_ROLE_KEY": "sb_secret_a/b&c=",
    "OPENAI_API_KEY": "sk-1",
}
MADE = ("REDIS_PASSWORD", "GRAFANA_ADMIN_PASSWORD", "WHATSAPP_TOKEN")
# The step alone: packages and an engine take minutes.
FILL_IN_SETTINGS = """
set -euo pipefail
DEPLOY_FOLDER=/release/infra/deploy
source "$DEPLOY_FOLDER/lib/load.bash"
for part in steps settings_file; do source "$DEPLOY_FOLDER/lib/server/$part.bash"; done
make_folders
fill_in_settings
"""


class BareServer:
    """A server on which nothing is installed, with an unpacked release."""

    def __init__(self, name: str) -> None:
        self._name = name

    def run(self, *command: str, **environment: str) -> str:
        variables = [word for name, value in environment.items() for word in ("--env", f"{name}={value}")]
        return docker("exec", *variables, self._name, *command)

    def settings(self) -> dict[str, str]:
        lines = self.run("cat", "/opt/wearon/.env").splitlines()
        return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


@pytest.fixture
def server() -> Iterator[BareServer]:
    name = f"wearon-deploy-first-{uuid4().hex[:8]}"
    docker("run", "--detach", "--rm", "--name", name, BARE_IMAGE, "sleep", "infinity")
    try:
        docker("exec", name, "mkdir", "/release")
        for part in ("infra", ".env.production.example"):
            docker("cp", "--quiet", str(CHECKOUT / part), f"{name}:/release/{part}")
        yield BareServer(name)
    finally:
        docker("rm", "--force", name)


def test_a_dry_run_names_every_step_and_takes_none(server: BareServer) -> None:
    before = server.run("sh", "-c", "ls -A /opt /etc/apt; dpkg --list | wc -l")
    said = server.run("/release/infra/deploy/first-deploy", "1", "--dry-run")
    for step in ("Docker", "firewall", "security updates", "folders", "settings", "deploy 1"):
        assert step in said
    assert server.run("sh", "-c", "ls -A /opt /etc/apt; dpkg --list | wc -l") == before


def test_settings_come_from_the_environment_and_secrets_are_made(server: BareServer) -> None:
    server.run("bash", "-c", FILL_IN_SETTINGS, **ASKED_FOR)
    settings = server.settings()
    assert {name: settings[name] for name in ASKED_FOR} == ASKED_FOR
    assert all(len(settings[name]) == 64 for name in MADE)
    assert len({settings[name] for name in MADE}) == len(MADE)
    assert server.run("stat", "--format", "%a", "/opt/wearon/.env") == "600"


def test_a_second_run_keeps_every_value(server: BareServer) -> None:
    server.run("bash", "-c", FILL_IN_SETTINGS, **ASKED_FOR)
    before = server.settings()
    server.run("bash", "-c", FILL_IN_SETTINGS, **{**ASKED_FOR, "DOMAIN": "other.example.com"})
    assert server.settings() == before


def test_who_brings_a_certificate_needs_no_address_for_one(server: BareServer) -> None:
    given = {name: value for name, value in ASKED_FOR.items() if name != "ACME_EMAIL"}
    server.run("bash", "-c", FILL_IN_SETTINGS, **given)
    assert server.settings()["ACME_EMAIL"] == ""
    assert "ACME_EMAIL is empty" in server.run("cat", "/opt/wearon/log/deploy.log")


def test_what_is_missing_is_named_when_nobody_can_be_asked(server: BareServer) -> None:
    given = {name: value for name, value in ASKED_FOR.items() if name != "OPENAI_API_KEY"}
    with pytest.raises(CommandFailed) as failure:
        server.run("bash", "-c", FILL_IN_SETTINGS, **given)
    assert failure.value.status == 1
    assert "these settings are missing: OPENAI_API_KEY" in failure.value.said


def test_the_firewall_keeps_the_port_open_by_which_somebody_came_in(server: BareServer) -> None:
    ports = """
    set -euo pipefail
    DEPLOY_FOLDER=/release/infra/deploy
    source "$DEPLOY_FOLDER/lib/server/firewall.bash"
    open_ports"""
    came_in = {"SSH_CONNECTION": "203.0.113.5 51234 198.51.100.7 2222"}
    assert server.run("bash", "-c", ports, **came_in).split() == ["22/tcp", "2222/tcp", "80/tcp", "443/tcp"]
    assert server.run("bash", "-c", ports).split() == ["22/tcp", "80/tcp", "443/tcp"]
