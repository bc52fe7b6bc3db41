"""A server on which nothing is installed: a container that may run an engine of its own."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from uuid import uuid4

from containers.deploy.deploy_server import Ran
from containers.engine import docker

_IMAGE = "wearon-empty-server"
# Debian 13 brings a compose that is new enough where Docker's own packages cannot be reached. There is no
# systemd to start a service, and socat plays the way to the registry.
_DOCKERFILE = r"""
FROM debian:bookworm-slim
RUN sed --in-place s/bookworm/trixie/ $(find /etc/apt -name '*.list' -o -name '*.sources') \
 && apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get --yes dist-upgrade \
 && apt-get install --yes --no-install-recommends socat \
 && rm -rf /var/lib/apt/lists/* \
 && printf '#!/bin/sh\n[ "$1" != docker ] || dockerd >/dev/null 2>&1 &\n' >/usr/local/sbin/service \
 && chmod +x /usr/local/sbin/service
"""
_WAY_TO_REGISTRY = ("socat", "TCP-LISTEN:5000,bind=127.0.0.1,fork,reuseaddr", "TCP:registry:5000")


@dataclass(frozen=True)
class EmptyServer:
    """Its container, and what `first-deploy` is told in its environment."""

    container: str
    settings: dict[str, str]

    @classmethod
    @contextmanager
    def running(cls, network: str, settings: dict[str, str]) -> Iterator[Self]:
        """Run one on the network, where `registry:5000` is, until the context ends."""
        docker("build", "--quiet", "--tag", _IMAGE, "-", text=_DOCKERFILE)
        name = f"{_IMAGE}-{uuid4().hex[:8]}"
        disks = ("--volume", "/var/lib/docker", "--volume", "/opt")
        where = ("--privileged", "--init", "--network", network, *disks)
        docker("run", "--detach", "--name", name, *where, _IMAGE, *_WAY_TO_REGISTRY)
        try:
            yield cls(name, settings | {"IMAGE_REPOSITORY": "127.0.0.1:5000/wearon"})
        finally:
            docker("rm", "--force", "--volumes", name)

    def bring_release(self, archive: Path) -> None:
        """Unpack a release in /release, as somebody does who has copied it there."""
        self.bring(archive, "/release.tar.gz")
        self.inside("mkdir", "/release")
        self.inside("tar", "--extract", "--gzip", "--file", "/release.tar.gz", "--directory", "/release")

    def first_deploy(self, version: str) -> Ran:
        """Run it."""
        variables = [word for name, value in self.settings.items() for word in ("--env", f"{name}={value}")]
        script = ["/release/infra/deploy/first-deploy", version, "--archive", "/release.tar.gz"]
        done = subprocess.run(  # noqa: S603 - our own script
            ["docker", "exec", *variables, self.container, *script],  # noqa: S607 - wherever it is installed
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=500,
            check=False,
        )
        return Ran(done.returncode, done.stdout)

    def load_image(self, image: str) -> None:
        """Give its engine an image of ours."""
        command = f"docker save {image} | docker exec --interactive {self.container} docker load --quiet"
        subprocess.run(["bash", "-o", "pipefail", "-c", command], check=True, capture_output=True)  # noqa: S603, S607 - our own words

    def bring(self, source: Path, path: str) -> None:
        """Copy a file or a folder there."""
        docker("cp", "--quiet", str(source), f"{self.container}:{path}")

    def write(self, path: str, text: str) -> None:
        """Write a file."""
        docker("exec", "--interactive", self.container, "sh", "-c", f"cat >{path}", text=text)

    def inside(self, *command: str) -> str:
        """Run a command. Raises `CommandFailed`."""
        return docker("exec", self.container, *command)

    def address_of(self, host: str) -> str:
        """Give the address of a host on the network: its own containers know no names of it."""
        return self.inside("getent", "hosts", host).split()[0]
