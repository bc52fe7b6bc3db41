"""A packed release brings what a server needs, and names its images by digest."""

import os
import re
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from containers.deploy.deploy_registry import Registry
from containers.engine import docker

from wearon_devkit.checkout import CHECKOUT

SERVICES = ("consumer", "generator", "sizing")
ANY_IMAGE = "FROM scratch\nLABEL wearon.test="
DIGESTED = r"[A-Z]+_IMAGE=127\.0\.0\.1:\d+/owner/wearon/[a-z]+@sha256:[0-9a-f]{64}"


@pytest.fixture(scope="module")
def registry() -> Iterator[Registry]:
    """Return a registry with the images of the commit `whole`, and of `partial` all but one."""
    with Registry.running() as registry:
        for service in SERVICES:
            publish(registry, service, "whole")
        publish(registry, "consumer", "partial")
        yield registry


def publish(registry: Registry, service: str, commit: str) -> None:
    image = f"{registry.address}/owner/wearon/{service}:{commit}"
    docker("build", "--quiet", "--tag", image, "-", text=ANY_IMAGE + service)
    docker("push", "--quiet", image)
    docker("image", "rm", image)


def pack(registry: Registry, commit: str, file: Path) -> int:
    return subprocess.run(  # noqa: S603 - our own script
        [str(CHECKOUT / ".github/scripts/pack-release"), commit, str(file)],
        env={
            "PATH": os.environ["PATH"],
            "HOME": os.environ["HOME"],
            "REGISTRY": registry.address,
            "GITHUB_REPOSITORY": "Owner/WearOn",
        },
        check=False,
        timeout=60,
    ).returncode


def test_a_release_names_its_images_by_digest(registry: Registry, tmp_path: Path) -> None:
    assert pack(registry, "whole", tmp_path / "release.tar.gz") == 0
    with tarfile.open(tmp_path / "release.tar.gz") as release:
        images = release.extractfile("images.env")
        assert images is not None
        lines = images.read().decode().splitlines()
    assert [line.split("=")[0] for line in lines] == [f"{service.upper()}_IMAGE" for service in SERVICES]
    assert all(re.fullmatch(DIGESTED, line) for line in lines)


def test_a_release_brings_the_compose_file_and_scripts_that_run(registry: Registry, tmp_path: Path) -> None:
    pack(registry, "whole", tmp_path / "release.tar.gz")
    with tarfile.open(tmp_path / "release.tar.gz") as release:
        assert release.getmember("docker-compose.prod.yml").isfile()
        assert release.getmember("infra/deploy/deploy").mode & 0o111


def test_a_commit_without_one_of_its_images_is_not_packed(registry: Registry, tmp_path: Path) -> None:
    assert pack(registry, "partial", tmp_path / "release.tar.gz") != 0
    assert not (tmp_path / "release.tar.gz").exists()
