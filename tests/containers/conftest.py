"""These tests run where a Docker engine answers; elsewhere each is skipped and says why."""

import os
from pathlib import Path

import pytest
from containers.engine import why_no_engine
from containers.images import build_images

# What a test starts, it removes itself: testcontainers' own reaper is one more image to pull.
os.environ.setdefault("TESTCONTAINERS_RYUK_DISABLED", "true")
os.environ.setdefault("TESTCONTAINERS_CONNECTION_MODE", "docker_host")
os.environ.setdefault("TESTCONTAINERS_HOST_OVERRIDE", "127.0.0.1")

_HERE = Path(__file__).parent
_LONGEST_TEST_S = 600


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs an engine where there is none, and give images and stacks the time they take."""
    reason = why_no_engine()
    for item in items:
        if item.path.is_relative_to(_HERE):
            # Fixtures build images and start stacks, which have time limits of their own.
            item.add_marker(pytest.mark.timeout(_LONGEST_TEST_S, func_only=True))
            if reason:
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def images() -> None:
    """Build our images from this checkout, as `wearon-<service>:test`."""
    build_images()
