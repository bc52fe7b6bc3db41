"""Real servers for every test: each starts once, in well under a second, when a test first asks for it."""

from collections.abc import Iterator

import pytest
from clean_slate import empty_database, empty_redis
from served_shop import ServedShop, served_shop
from shop import Shop

from wearon_devkit.backing import Backing
from wearon_devkit.database import Database
from wearon_devkit.embedded.valkey import Valkey
from wearon_devkit.environment import Environment
from wearon_devkit.processes.child import running
from wearon_devkit.run_folder import RunFolder


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the URL of a PostgreSQL with the platform's schema and our migrations, as its superuser."""
    with RunFolder.claim(tmp_path_factory.mktemp("postgres")) as folder, Database.run(folder) as database:
        yield database.url


@pytest.fixture(scope="session")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the URL of a Valkey."""
    with RunFolder.claim(tmp_path_factory.mktemp("valkey")) as folder:
        server = Valkey(folder)
        with running([server.server()], folder) as [child]:
            child.wait_until_ready()
            yield server.url


@pytest.fixture(scope="session")
def backing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backing]:
    """Return everything that the services stand on, the Supabase and OpenAI stand-ins included."""
    with Backing.start(tmp_path_factory.mktemp("backing")) as backing:
        yield backing


@pytest.fixture
def database_url(postgres: str) -> str:
    """Return the URL of the database, its tables empty."""
    empty_database(postgres)
    return postgres


@pytest.fixture
def redis_url(valkey: str) -> str:
    """Return the URL of the Valkey, empty."""
    empty_redis(valkey)
    return valkey


@pytest.fixture
def platform(backing: Backing) -> Environment:
    """Return how to reach the backing services, database and Valkey empty."""
    backing.check()
    empty_database(backing.environment.database_url)
    empty_redis(backing.environment.redis_url)
    return backing.environment


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedShop]:
    """Return a shop with a consumer and a generator at work, on backing services of its own."""
    with served_shop(tmp_path_factory.mktemp("served")) as served:
        yield served


@pytest.fixture
def shop(served: ServedShop) -> Shop:
    """Return that shop; what other tests asked for may still be there."""
    return served.shop
