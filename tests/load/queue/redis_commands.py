"""Which commands Redis gets, and from whom."""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Self
from uuid import uuid4

import psutil
from redis import Redis
from redis.client import Monitor

from wearon_devkit.processes.child import Child

# Its output may have to wait for a disk that is busy with others.
_PATIENCE_S = 60
# What a client says when it connects, and to find out whether it still is.
_GREETINGS = frozenset({"HELLO", "CLIENT", "AUTH", "SELECT", "PING"})
# What travels with the commands that it frames.
_FRAMES = frozenset({"MULTI", "EXEC"})


@dataclass(frozen=True)
class Commands:
    """What was seen: by the local port of each client, and what scripts did inside the server.

    A script is one command to its client, however many it runs: the first cost round trips, the others time
    of the server. Redis' own `total_commands_processed` is the sum of both.
    """

    by_port: Mapping[int, Counter[str]]
    in_scripts: Counter[str]

    def of(self, ports: frozenset[int]) -> Counter[str]:
        """Give what the clients at these ports sent, by name, without greetings and frames."""
        names: Counter[str] = sum((self.by_port.get(port, Counter()) for port in ports), Counter())
        return Counter({name: count for name, count in names.items() if name not in _GREETINGS | _FRAMES})


class CommandWatch:
    """Redis' own MONITOR; the server keeps what it shows until it is read."""

    def __init__(self, redis: Redis, monitor: Monitor) -> None:
        self._redis = redis
        self._monitor = monitor

    @classmethod
    @contextmanager
    def on(cls, url: str) -> Iterator[Self]:
        """Watch until the context ends."""
        with Redis.from_url(url, socket_timeout=_PATIENCE_S) as redis, redis.monitor() as monitor:
            yield cls(redis, monitor)

    def seen(self) -> Commands:
        """Give what has been sent since the last time."""
        by_port: dict[int, Counter[str]] = {}
        in_scripts: Counter[str] = Counter()
        for command in self._until_now():
            name = command["command"].split(" ", 1)[0].upper()
            if command["client_type"] == "lua":
                in_scripts[name] += 1
            else:
                by_port.setdefault(int(command["client_port"]), Counter())[name] += 1
        return Commands(by_port, in_scripts)

    def _until_now(self) -> Iterator[Mapping[str, str]]:
        end = f"bench:{uuid4()}"
        self._redis.echo(end)
        for command in iter(self._monitor.next_command, None):  # it never gives None
            if command["command"] == f"ECHO {end}":
                return
            yield command


def ports_of(children: list[Child]) -> frozenset[int]:
    """Give the local ports of their connections, whoever they lead to."""
    return frozenset(
        connection.laddr.port
        for child in children
        for connection in psutil.Process(child.pid).net_connections("tcp")
        if connection.raddr
    )
