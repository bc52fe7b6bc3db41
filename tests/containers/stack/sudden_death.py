"""Ends a container's program as a crash does."""

from containers.engine import docker
from containers.images import DEVKIT_IMAGE


def kill_program(pid: int) -> None:
    """Kill a process of the engine's machine, the first of a container.

    `docker kill` would count as the wish of an operator, after which no restart policy applies; from inside
    nobody can kill the first process. A container that sees the processes of the machine can.
    """
    kill = f"import os, signal; os.kill({pid}, signal.SIGKILL)"
    docker("run", "--rm", "--pid", "host", "--user", "0", DEVKIT_IMAGE, "python", "-c", kill)
