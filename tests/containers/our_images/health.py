"""What the engine says of a container's health."""

import time

from testcontainers.core.container import DockerContainer

_LOOK_AGAIN_S = 0.3


def health_of(container: DockerContainer) -> str:
    """Say `starting`, `healthy` or `unhealthy`."""
    wrapped = container.get_wrapped_container()
    wrapped.reload()
    status: str = wrapped.attrs["State"]["Health"]["Status"]
    return status


def wait_for_health(*containers: DockerContainer, status: str = "healthy", within_s: float = 90) -> None:
    """Wait until the engine says so of all; `AssertionError` shows the last words of one that is late."""
    deadline = time.monotonic() + within_s
    for container in containers:
        while health_of(container) != status:
            assert time.monotonic() < deadline, f"not {status}: {_last_words(container)}"
            time.sleep(_LOOK_AGAIN_S)


def _last_words(container: DockerContainer) -> str:
    text = container.get_wrapped_container().logs(tail=10).decode(errors="replace")
    return f"{container.image}: {health_of(container)}\n{text}"
