"""How the deploy workflow reaches the server: the scripts of this release only say how they were called."""

import os
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from containers.deploy.ssh_server import SshServer

from wearon_devkit.checkout import CHECKOUT

SCRIPT = CHECKOUT / ".github/scripts/deploy-over-ssh"
SETTINGS = "DOMAIN=try.example.com\nOPENAI_API_KEY='a secret'"
RECORDER = """#!/usr/bin/env bash
mkdir --parents /opt/wearon/state
{
  echo "${0##*/} $1 as $(id --user --name)"
  cat "$DOCKER_CONFIG/config.json"
} >>/opt/wearon/said
tar --list --gzip --file "$3" >>/opt/wearon/said
exit "$(cat /opt/wearon/status 2>/dev/null || echo 0)"
"""


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SshServer]:
    if not shutil.which("ssh"):
        pytest.skip("there is no ssh command")
    with SshServer.running(tmp_path_factory.mktemp("ssh")) as server:
        yield server


@pytest.fixture
def server(machine: SshServer) -> SshServer:
    """Return the machine, empty."""
    machine.run("rm -rf /opt/wearon /tmp/*")
    return machine


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Return a release of two scripts."""
    file = tmp_path / "release.tar.gz"
    with tarfile.open(file, "w:gz") as packed:
        for name in ("first-deploy", "deploy"):
            entry = tarfile.TarInfo(f"infra/deploy/{name}")
            entry.mode, entry.size = 0o755, len(RECORDER)
            packed.addfile(entry, BytesIO(RECORDER.encode()))
    return file


def deploy(server: SshServer, archive: Path, **changes: str) -> "subprocess.CompletedProcess[str]":
    variables = {
        "PATH": os.environ["PATH"],
        "DEPLOY_TARGET": server.target,
        "DEPLOY_KNOWN_HOSTS": server.known_hosts,
        "DEPLOY_SSH_KEY": server.private_key,
        "DEPLOY_SETTINGS": SETTINGS,
        "REGISTRY_TOKEN": "a token",
        **changes,
    }
    command = [str(SCRIPT), "v1", str(archive)]
    return subprocess.run(command, env=variables, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603 - our own script


def test_a_server_without_a_release_is_set_up(server: SshServer, archive: Path) -> None:
    assert deploy(server, archive).returncode == 0
    said = server.run("cat /opt/wearon/said")
    assert said.startswith("first-deploy v1 as root\n")
    assert '"ghcr.io"' in said
    assert "infra/deploy/deploy" in said


def test_a_server_with_a_release_is_rolled(server: SshServer, archive: Path) -> None:
    server.run("mkdir -p /opt/wearon/state && echo v0 >/opt/wearon/state/history")
    assert deploy(server, archive).returncode == 0
    assert server.run("cat /opt/wearon/said").startswith("deploy v1 as root\n")


def test_a_server_without_settings_is_given_them_for_root_alone(server: SshServer, archive: Path) -> None:
    deploy(server, archive)
    assert server.run("cat /opt/wearon/.env") == SETTINGS
    assert server.run("stat --format '%a %U' /opt/wearon/.env") == "600 root"


def test_the_settings_of_a_server_stay_its_own(server: SshServer, archive: Path) -> None:
    server.run("mkdir -p /opt/wearon && echo DOMAIN=other >/opt/wearon/.env")
    deploy(server, archive)
    assert server.run("cat /opt/wearon/.env") == "DOMAIN=other"


def test_a_server_that_prepares_its_settings_itself_is_given_none(server: SshServer, archive: Path) -> None:
    assert deploy(server, archive, DEPLOY_SETTINGS="").returncode == 0
    assert server.run("ls -A /opt/wearon").split() == ["said", "state"]


def test_the_token_and_the_settings_stay_nowhere_else(server: SshServer, archive: Path) -> None:
    deploy(server, archive)
    server.run("rm /opt/wearon/said /opt/wearon/.env")
    assert server.run("ls -A /tmp") == ""
    assert server.run("grep -rlE 'a secret|ghcr.io' /home /root /tmp /opt || true") == ""


def test_a_failed_deployment_fails_with_its_status_and_leaves_nothing(
    server: SshServer, archive: Path
) -> None:
    server.run("mkdir -p /opt/wearon && echo 3 >/opt/wearon/status")
    assert deploy(server, archive).returncode == 3
    assert server.run("ls -A /tmp") == ""


def test_a_server_with_another_key_is_told_nothing(server: SshServer, archive: Path) -> None:
    address, kind, key = server.known_hosts.split()[:3]
    other = key[:-8] + "AAAAAAAA"
    done = deploy(server, archive, DEPLOY_KNOWN_HOSTS=f"{address} {kind} {other}")
    assert done.returncode != 0
    assert "Host key verification failed" in done.stderr
    assert server.run("ls -A /tmp; ls -A /opt") == ""


def test_a_missing_setting_is_named(server: SshServer, archive: Path) -> None:
    done = deploy(server, archive, DEPLOY_KNOWN_HOSTS="")
    assert done.returncode != 0
    assert "DEPLOY_KNOWN_HOSTS: is not set" in done.stderr
