"""Official images in containers: what production runs instead of the embedded servers and npm's PostgREST."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pytest
from containers.images import REQUIRED, can_be_had
from testcontainers.community.redis import RedisContainer
from testcontainers.core.container import DockerContainer
from testcontainers.core.network import Network
from testcontainers.core.wait_strategies import ExecWaitStrategy, HttpWaitStrategy

from wearon_devkit.embedded.postgres import SUPERUSER

REDIS = "redis:7-alpine"
POSTGRES = "postgres:17-alpine"
POSTGREST = "postgrest/postgrest:v12.0.2"  # the version that npm has, too

DATABASE_HOST = "database"
PASSWORD = "throwaway"
REST_PORT = 3000
ADMIN_PORT = 3001
START_TIMEOUT_S = 60


def require_image(image: str) -> None:
    """Have the image here; else skip the test with one line, or fail where the environment asks for that."""
    if can_be_had(image):
        return
    reason = f"{image} is not here and cannot be pulled"
    if os.environ.get(REQUIRED):
        pytest.fail(reason)
    pytest.skip(reason)


@contextmanager
def running_redis() -> Iterator[str]:
    """Run Redis and return its URL."""
    require_image(REDIS)
    with RedisContainer(REDIS).with_command(["redis-server", "--save", "", "--appendonly", "no"]) as redis:
        yield f"redis://{redis.get_container_host_ip()}:{redis.get_exposed_port(6379)}/0"


@contextmanager
def running_postgres(network: Network) -> Iterator[str]:
    """Run PostgreSQL and return its URL, as its superuser, who is called as at Supabase.

    In the network it is called `DATABASE_HOST`.
    """
    require_image(POSTGRES)
    # Over TCP: while the image prepares the cluster it answers on its socket only.
    is_ready = ExecWaitStrategy(["pg_isready", "--host=127.0.0.1"]).with_startup_timeout(START_TIMEOUT_S)
    container = (
        DockerContainer(POSTGRES)
        .with_envs(POSTGRES_USER=SUPERUSER, POSTGRES_PASSWORD=PASSWORD, POSTGRES_DB="postgres")
        .with_command(["postgres", "-c", "fsync=off", "-c", "wal_level=logical"])
        .with_tmpfs_mount("/var/lib/postgresql/data")
        .with_network(network)
        .with_network_aliases(DATABASE_HOST)
        .with_exposed_ports(5432)
        .waiting_for(is_ready)
    )
    with container as postgres:
        address = f"{postgres.get_container_host_ip()}:{postgres.get_exposed_port(5432)}"
        yield f"postgresql://{SUPERUSER}:{PASSWORD}@{address}/postgres"


@contextmanager
def running_postgrest(settings: Mapping[str, str], network: Network) -> Iterator[str]:
    """Run PostgREST with these variables and return its URL."""
    require_image(POSTGREST)
    container = (
        DockerContainer(POSTGREST)
        .with_envs(**settings, PGRST_SERVER_PORT=str(REST_PORT), PGRST_ADMIN_SERVER_PORT=str(ADMIN_PORT))
        .with_network(network)
        .with_exposed_ports(REST_PORT, ADMIN_PORT)
        .waiting_for(HttpWaitStrategy(ADMIN_PORT, "/ready").with_startup_timeout(START_TIMEOUT_S))
    )
    with container as postgrest:
        yield f"http://{postgrest.get_container_host_ip()}:{postgrest.get_exposed_port(REST_PORT)}"
