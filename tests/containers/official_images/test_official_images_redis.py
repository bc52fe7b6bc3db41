"""What holds on the embedded Valkey holds on the official Redis."""

from collections.abc import Iterator

import pytest
from containers.official_images.official_images import running_redis
from integration.consumer.test_dead_letters_box import *  # noqa: F403 - the same tests, on the server below
from integration.consumer.test_leadership import *  # noqa: F403 - as above
from integration.generator.test_rate_limiter import *  # noqa: F403 - as above


@pytest.fixture(scope="session")
def valkey() -> Iterator[str]:
    """Return the URL of a Redis in the place of the embedded Valkey."""
    with running_redis() as url:
        yield url
