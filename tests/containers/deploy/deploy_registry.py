"""A registry on this machine, and releases of our images in it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Self
from uuid import uuid4

import httpx
from containers.engine import docker
from containers.images import SERVICES, image_of
from processes import wait_for

_REGISTRY_IMAGE = "wearon-deploy-registry"
_REGISTRY = """
FROM debian:bookworm-slim
RUN apt-get update \\
 && apt-get install --yes --no-install-recommends docker-registry \\
 && rm -rf /var/lib/apt/lists/*
RUN sed -i '/^auth:/,/^health:/{/^health:/!d}' /etc/docker/registry/config.yml
CMD ["docker-registry", "serve", "/etc/docker/registry/config.yml"]
"""


@dataclass(frozen=True)
class Registry:
    """`127.0.0.1:<port>`, which engines trust without TLS; port 5000 of its container."""

    address: str
    container: str

    @classmethod
    @contextmanager
    def running(cls) -> Iterator[Self]:
        """Run one until the context ends."""
        docker("build", "--quiet", "--tag", _REGISTRY_IMAGE, "-", text=_REGISTRY)
        name = f"{_REGISTRY_IMAGE}-{uuid4().hex[:8]}"
        docker("run", "--detach", "--rm", "--name", name, "--publish", "127.0.0.1::5000", _REGISTRY_IMAGE)
        registry = cls(docker("port", name, "5000").splitlines()[0], name)
        try:
            assert wait_for(registry._answers, 60), docker("logs", name)
            yield registry
        finally:
            docker("rm", "--force", "--volumes", name)
            registry._remove_images()

    @property
    def repository(self) -> str:
        """What IMAGE_REPOSITORY is on the server."""
        return f"{self.address}/wearon"

    def publish(self, version: str, broken: Mapping[str, str] | None = None) -> None:
        """Push a release of the three images; `broken` has another Dockerfile line for some of them."""
        for service in SERVICES:
            image = f"{self.repository}/{service}:{version}"
            line = (broken or {}).get(service, "")
            dockerfile = f"FROM {image_of(service)}\nLABEL wearon.release={version}\n{line}\n"
            docker("build", "--quiet", "--tag", image, "-", text=dockerfile)
            docker("push", "--quiet", image)

    def images_env(self, version: str) -> str:
        """Give what a release says about its images when its maker knows their digests."""
        lines = [f"{service.upper()}_IMAGE={self._digested(service, version)}\n" for service in SERVICES]
        return "".join(lines)

    def _digested(self, service: str, version: str) -> str:
        name = f"{self.repository}/{service}"
        known = docker("image", "inspect", "--format", '{{join .RepoDigests "\\n"}}', f"{name}:{version}")
        return next(each for each in known.splitlines() if each.startswith(f"{name}@"))

    def _remove_images(self) -> None:
        """Take from the engine the names of what came from here; another run may use the same images."""
        name = '{{.Repository}}{{if eq .Tag "<none>"}}@{{.Digest}}{{else}}:{{.Tag}}{{end}}'
        names = docker("image", "ls", "--digests", "--format", name, f"{self.repository}/*").split()
        if names:
            docker("image", "rm", "--force", *names)

    def _answers(self) -> bool:
        try:
            return httpx.get(f"http://{self.address}/v2/", trust_env=False).is_success
        except httpx.HTTPError:
            return False
