"""Supabase and OpenAI in containers apart from the deployed stack: they are elsewhere in production too."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from containers.engine import docker
from containers.images import DEVKIT_IMAGE

from wearon_devkit.checkout import CHECKOUT

_KEY = "sb_secret_local-development"


_OVERRIDE = """
services:
  supabase:
    image: {image}
  openai:
    image: {image}
    command: [python, -m, wearon_devkit.openai_local, --host=0.0.0.0, --port=8080,
      --dir=/tmp/openai, --latency={latency_s}]
"""


@dataclass(frozen=True)
class StandIns:
    """How the stack reaches them (by name, on `network`) and how a test does (by address)."""

    project: str

    @classmethod
    @contextmanager
    def running(cls, project: str, folder: Path, openai_latency_s: str) -> Iterator[Self]:
        """Run those of docker-compose.yml until the context ends."""
        files = (CHECKOUT / "docker-compose.yml", _write_override(folder, openai_latency_s))
        compose = ["compose", "--project-name", project, *(f"--file={file}" for file in files)]
        any_port = dict.fromkeys(("DATABASE_PORT", "SUPABASE_PORT"), "0")
        try:
            docker(*compose, "up", "--detach", "--wait", "supabase", "openai", variables=any_port)
            yield cls(project)
        finally:
            docker(*compose, "down", "--volumes", "--timeout", "1", variables=any_port)

    @property
    def network(self) -> str:
        """The network that they are on."""
        return f"{self.project}_default"

    @property
    def settings(self) -> dict[str, str]:
        """What the server's settings say about them."""
        return {
            "SUPABASE_URL": "http://supabase:54321",
            "SUPABASE_SERVICE_ROLE_KEY": _KEY,
            "OPENAI_BASE_URL": "http://openai:8080/v1",
            "OPENAI_API_KEY": "sk-local-preview",
            "IMAGE_FETCH_PRIVATE_HOSTS": "supabase:54321",
        }

    @property
    def database_url(self) -> str:
        return f"postgresql://supabase_admin:local-development@{self._address('database', 5432)}/postgres"

    @property
    def supabase_url(self) -> str:
        return f"http://{self._address('supabase', 54321)}"

    @property
    def service_key(self) -> str:
        return _KEY

    def _address(self, service: str, port: int) -> str:
        return docker("port", f"{self.project}-{service}-1", str(port)).splitlines()[0]


def _write_override(folder: Path, openai_latency_s: str) -> Path:
    file = folder / "stand-ins.yml"
    file.write_text(_OVERRIDE.format(image=DEVKIT_IMAGE, latency_s=openai_latency_s))
    return file
