"""A server, a registry and the world around them: what it takes to try deployments for real."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from containers.absent_images import others_idle
from containers.deploy.deploy_registry import Registry
from containers.deploy.deploy_server import Server
from containers.deploy.deploy_stand_ins import StandIns
from containers.edge_certificates import SelfSigned
from containers.images import SERVICES
from containers.production_file import SETTINGS, read_production

from wearon_devkit.environment import Environment
from wearon_devkit.ports import free_port

DOMAIN = "localhost"

AT_WORK = frozenset({*SERVICES, "nginx", "redis"})
"""Deployments are about the services that shoppers meet; what watches over them only has to be there."""

# A busy test machine is slow, which is not what these tests are about.
_PATIENCE = {"POSE_LANDMARKERS": "1", "POSE_TIMEOUT_SECONDS": "60", "IMAGE_FETCH_TIMEOUT_SECONDS": "30"}


@dataclass(frozen=True)
class Lab:
    """`url` is where Nginx answers."""

    server: Server
    registry: Registry
    stand_ins: StandIns
    url: str

    @classmethod
    @contextmanager
    def opened(cls, project: str, folder: Path, openai_latency_s: str = "2-4") -> Iterator[Self]:
        """Start all but the server's own stack; remove everything afterwards, that stack included."""
        with (
            Registry.running() as registry,
            StandIns.running(f"{project}-world", folder, openai_latency_s) as world,
        ):
            port = free_port()
            server = Server(folder / "home", project, _settings(registry, world, port), _override(world))
            try:
                SelfSigned(DOMAIN).write(folder / "letsencrypt")
                server.put_certificate(folder / "letsencrypt")
                yield cls(server, registry, world, f"https://{DOMAIN}:{port}")
            finally:
                server.remove()

    @property
    def environment(self) -> Environment:
        """How a test reaches what the deployed stack works on."""
        redis = f"redis://:{self.server.settings['REDIS_PASSWORD']}@{self.server.address_of('redis')}:6379/0"
        return Environment(
            redis_url=redis,
            database_url=self.stand_ins.database_url,
            supabase_url=self.stand_ins.supabase_url,
            supabase_service_role_key=self.stand_ins.service_key,
            supabase_anon_key="",
            supabase_storage_bucket="images",
            openai_base_url="",
            openai_api_key="",
            image_fetch_private_hosts="",
            pose_model_path="",
        )

    def seen_from_inside(self, url: str) -> str:
        """Give the URL by which a container of the stack reaches what this machine reaches by `url`."""
        return url.replace(self.stand_ins.supabase_url, self.stand_ins.settings["SUPABASE_URL"])


def _settings(registry: Registry, world: StandIns, port: int) -> dict[str, str]:
    given = {name: value for name, value in SETTINGS.items() if not name.endswith("_IMAGE")}
    ports = {"HTTP_PORT": f"127.0.0.1:{free_port()}", "HTTPS_PORT": f"127.0.0.1:{port}"}
    return given | world.settings | ports | _PATIENCE | {"IMAGE_REPOSITORY": registry.repository}


def _override(world: StandIns) -> str:
    services = others_idle(read_production()["services"], AT_WORK)
    reaching_out = "".join(f"  {name}:\n    networks: [world]\n" for name in SERVICES)
    network = f"networks:\n  world:\n    external: true\n    name: {world.network}\n"
    return services + reaching_out + network
