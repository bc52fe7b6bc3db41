"""The three real images beside Redis, PostgreSQL and the stand-ins, each a container of testcontainers."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from containers.engine import docker
from containers.images import DEVKIT_IMAGE, image_of
from containers.our_images.health import wait_for_health
from containers.try_ons import TryOns, environment_of
from testcontainers.core.container import DockerContainer
from testcontainers.core.network import Network

from wearon_devkit.checkout import CHECKOUT

REDIS_URL = "redis://redis:6379/0"
SERVICE_KEY = "sb_secret_local-development"
SETTINGS: Mapping[str, str] = {
    "REDIS_URL": REDIS_URL,
    "SUPABASE_URL": "http://supabase:54321",
    "SUPABASE_SERVICE_ROLE_KEY": SERVICE_KEY,
    "SUPABASE_STORAGE_BUCKET": "images",
    "OPENAI_BASE_URL": "http://openai:8080/v1",
    "OPENAI_API_KEY": "sk-local-preview",
    "IMAGE_FETCH_PRIVATE_HOSTS": "supabase:54321",
}
_DATABASE = {
    "POSTGRES_USER": "supabase_admin",
    "POSTGRES_PASSWORD": "local-development",
    "POSTGRES_DB": "postgres",
}
_DATABASE_URL = "postgresql://supabase_admin:local-development@database:5432/postgres"
_READY = {"interval": 1_000_000_000, "retries": 60}  # nanoseconds


@dataclass(frozen=True)
class ShopOfContainers:
    """A network on which everything runs."""

    network: Network
    try_ons: TryOns
    redis: DockerContainer
    services: Mapping[str, DockerContainer]


@contextmanager
def shop_of_containers() -> Iterator[ShopOfContainers]:
    """Start everything, healthy, and remove it afterwards."""
    with Network() as network, ExitStack() as parts:
        redis = parts.enter_context(_on(network, "redis", "redis:7-alpine", "redis-cli ping"))
        openai = _start_stand_ins(parts, network)
        services = {
            name: parts.enter_context(service_on(network, name))
            for name in ("consumer", "generator", "sizing")
        }
        wait_for_health(redis, *services.values())
        yield ShopOfContainers(network, _try_ons_from(openai), redis, services)


def service_on(network: Network, name: str, **settings: str) -> DockerContainer:
    """Describe a service of ours as production runs it, its health looked at every second."""
    port = 8000 if name == "sizing" else 9100
    often = {"interval": 1_000_000_000, "timeout": 3_000_000_000, "start_period": 2_000_000_000, "retries": 2}
    return _container(network, name, image_of(name), often, **{**SETTINGS, **settings}).with_exposed_ports(
        port
    )


def _start_stand_ins(parts: ExitStack, network: Network) -> DockerContainer:
    database = parts.enter_context(
        _on(
            network,
            "database",
            "postgres:17-alpine",
            "pg_isready --host 127.0.0.1 -U supabase_admin",
            **_DATABASE,
        )
    )
    wait_for_health(database)
    _apply_schema(network)
    supabase = parts.enter_context(_supabase(network))
    openai = parts.enter_context(_openai(network))
    wait_for_health(supabase, openai)
    return openai


def _on(network: Network, name: str, image: str, ready: str, **variables: str) -> DockerContainer:
    container = DockerContainer(image).with_network(network).with_network_aliases(name).with_envs(**variables)
    return container.with_kwargs(healthcheck={"test": ["CMD-SHELL", ready], **_READY})


def _container(
    network: Network, name: str, image: str, health: Mapping[str, int], **variables: str
) -> DockerContainer:
    container = DockerContainer(image).with_network(network).with_network_aliases(name).with_envs(**variables)
    return container.with_tmpfs_mount("/tmp").with_kwargs(  # noqa: S108 - in the container
        healthcheck=dict(health),
        read_only=True,
        cap_drop=["ALL"],
        security_opt=["no-new-privileges:true"],
    )


def _supabase(network: Network) -> DockerContainer:
    words = [
        *("python", "-m", "wearon_devkit.supabase_local", "--host=0.0.0.0", "--port=54321"),
        *(f"--database-url={_DATABASE_URL}", "--storage-dir=/tmp/storage", "--bucket=images"),
        *(f"--service-key={SERVICE_KEY}", "--anon-key=sb_publishable_local-development"),
    ]
    return _container(network, "supabase", DEVKIT_IMAGE, _READY, PORT="54321").with_command(words)


def _openai(network: Network) -> DockerContainer:
    words = [
        "python",
        "-m",
        "wearon_devkit.openai_local",
        "--host=0.0.0.0",
        "--port=8080",
        "--dir=/tmp/openai",
    ]
    variables = {"OPENAI_API_KEY": SETTINGS["OPENAI_API_KEY"], "PORT": "8080"}
    return _container(network, "openai", DEVKIT_IMAGE, _READY, **variables).with_command(
        [*words, "--latency=0.5"]
    )


def _apply_schema(network: Network) -> None:
    """Give the database the platform's schema and our migrations, as `docker-compose.yml` does."""
    sources = {
        "/sql/apply-schema": CHECKOUT / "scripts/apply-schema",
        "/sql/platform": CHECKOUT / "libs/wearon_devkit/src/wearon_devkit/platform_schema",
        "/sql/migrations": CHECKOUT / "infra/supabase/migrations",
    }
    mounts = [word for inside, path in sources.items() for word in ("--volume", f"{path}:{inside}:ro")]
    who = {"PGHOST": "database", "PGUSER": "supabase_admin", "PGDATABASE": "postgres"}
    variables = [
        f"--env={name}={value}" for name, value in (who | {"PGPASSWORD": "local-development"}).items()
    ]
    run = ["run", "--rm", "--network", network.name, *mounts, *variables, "--entrypoint", "/sql/apply-schema"]
    docker(*run, "postgres:17-alpine", "/sql/platform", "/sql/migrations")


def _try_ons_from(container: DockerContainer) -> TryOns:
    name = container.get_wrapped_container().name
    return TryOns(
        lambda *command, text=None: docker("exec", "--interactive", name, *command, text=text),
        environment_of(SETTINGS, REDIS_URL),
    )
