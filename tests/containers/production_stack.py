"""The production stack, started from docker-compose.prod.yml beside stand-ins of Supabase and OpenAI."""

import json
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from containers.absent_images import without_absent_images
from containers.engine import CommandFailed, docker
from containers.production_file import SETTINGS, STAND_INS_FILE, compose_words, read_production

_LOOK_AGAIN_S = 0.5
_TEST_SETTINGS = {
    "OPENAI_BASE_URL": "http://openai:8080/v1",
    "IMAGE_FETCH_PRIVATE_HOSTS": "supabase:54321",
    "HTTP_PORT": "127.0.0.1:0",
    "HTTPS_PORT": "127.0.0.1:0",
}


@dataclass(frozen=True)
class ProductionStack:
    """A compose project; the settings are what its .env would say."""

    project: str
    files: tuple[Path, ...]
    settings: Mapping[str, str]
    idle: frozenset[str]  # services whose image cannot be had: they are there and do nothing

    @classmethod
    @contextmanager
    def started(cls, project: str, folder: Path, **settings: str) -> Iterator[Self]:
        """Start everything, wait until what can be healthy is, and remove all of it afterwards."""
        chosen = dict(SETTINGS) | _TEST_SETTINGS | settings
        absent, idle = without_absent_images(read_production(chosen)["services"])
        file = folder / "absent_images.yml"
        file.write_text(absent)
        stack = cls(project, (STAND_INS_FILE, file), chosen, idle)
        try:
            stack.up()
            stack.wait_until_healthy(set(stack.services()) - CANNOT_BE_HEALTHY)
            yield stack
        finally:
            stack.compose("down", "--volumes", "--timeout", "2")

    def up(self, *words: str) -> None:
        """Start what is not running as it is described."""
        self.compose("up", "--detach", "--quiet-pull", *words)

    def compose(self, *words: str, text: str | None = None) -> str:
        """Run a compose command on the project. Raises `CommandFailed`."""
        return docker(
            *compose_words(self.files, self.project), *words, text=text, variables=dict(self.settings)
        )

    def services(self) -> list[str]:
        """Name every service."""
        return self.compose("config", "--services").splitlines()

    def containers(self, service: str) -> list[str]:
        """Give the ids of a service's running containers."""
        return self.compose("ps", "--quiet", service).splitlines()

    def inside(self, service: str, *command: str, text: str | None = None) -> str:
        """Run a command in a service's first container. Raises `CommandFailed`."""
        return self.compose("exec", "-T", service, *command, text=text)

    def address(self, service: str, port: int) -> str:
        """Give host:port of this machine by which a published port is reached."""
        return self.compose("port", service, str(port))

    def inspect(self, service: str) -> list[dict[str, Any]]:
        """Say all that the engine knows of a service's containers, stopped ones included."""
        ids = self.compose("ps", "--all", "--quiet", service).splitlines()
        found: list[dict[str, Any]] = json.loads(docker("inspect", *ids)) if ids else []
        return found

    def unhealthy(self, services: Iterable[str]) -> list[str]:
        """Name those of the services that have no container, or one that is not running and healthy."""
        states = self._states()
        return sorted(
            name
            for name in services
            if not states.get(name) or not all("(healthy)" in s for s in states[name])
        )

    def wait_until_healthy(self, services: Iterable[str], within_s: float = 400) -> None:
        """Wait for the services; `AssertionError` names those that are not healthy in time."""
        waited_for, deadline = set(services), time.monotonic() + within_s
        while missing := self.unhealthy(waited_for):
            assert time.monotonic() < deadline, f"not healthy: {missing}\n{self._last_words(missing)}"
            time.sleep(_LOOK_AGAIN_S)

    def _states(self) -> dict[str, list[str]]:
        """Map each service to what the engine says of its containers, such as `Up 8 seconds (healthy)`."""
        columns = '{{.Label "com.docker.compose.service"}}\t{{.Status}}'
        ours = f"label=com.docker.compose.project={self.project}"
        states: dict[str, list[str]] = {}
        for line in docker("ps", "--all", "--filter", ours, "--format", columns).splitlines():
            service, status = line.split("\t")
            states.setdefault(service, []).append(status)
        return states

    def _last_words(self, services: list[str]) -> str:
        try:
            return self.compose("logs", "--no-color", "--tail", "5", *services)[-3000:]
        except CommandFailed as error:
            return str(error)


# The bridge is healthy once a telephone is linked, nginx's exporter has nothing to ask itself with,
# and the schema is applied once.
CANNOT_BE_HEALTHY = {"whatsapp", "nginx-exporter", "schema"}
