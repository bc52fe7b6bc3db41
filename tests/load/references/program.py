"""A reference as a process of its own, ready once it waits in Redis for work."""

import sys
from collections.abc import Mapping
from pathlib import Path

from redis import Redis

from wearon_devkit.processes.program import Program


def reference(name: str, redis: Redis, variables: Mapping[str, str], waiting_clients: int = 1) -> Program:
    """Return the program `references/NAME.py`.

    It is ready when `waiting_clients` of Redis wait in a blocking call: itself, and those before it.
    """

    def is_waiting() -> bool:
        return int(redis.info("clients")["blocked_clients"]) >= waiting_clients

    script = Path(__file__).with_name(f"{name}.py")
    return Program(name.replace("_", "-"), (sys.executable, str(script)), is_waiting, variables)
