"""A Valkey with nothing on it but tasks and who moves them."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Self

from redis import Redis

from wearon_common import keys
from wearon_common.channel import Channel
from wearon_devkit.embedded.valkey import Valkey
from wearon_devkit.ports import free_port
from wearon_devkit.processes.child import Child, running
from wearon_devkit.processes.program import Program
from wearon_devkit.run_folder import RunFolder
from wearon_devkit.services import INSTALLED_SCRIPTS, Service

NO_LIMIT = "1000000000"
_STAGED = "bench:staged"
_PUSHED_AT_ONCE = 1_000
_LOOK_AGAIN_AFTER_S = 0.02
_A_DAY_S = "86400"


@dataclass(frozen=True)
class Lengths:
    """Where tasks are."""

    in_app_list: int
    in_line: int
    in_celery: tuple[int, ...]  # each of its queues


@dataclass(frozen=True)
class BareQueue:
    """A running Valkey, and how tasks get on it."""

    url: str
    server: Child
    redis: Redis
    _folder: RunFolder

    @classmethod
    @contextmanager
    def start(cls, directory: Path) -> Iterator[Self]:
        """Start it, empty, until the context ends."""
        with RunFolder.claim(directory) as folder:
            valkey = Valkey(folder)
            with running([valkey.server()], folder) as [server], Redis.from_url(valkey.url) as redis:
                server.wait_until_ready()
                # Valkey rewrites a grown log beside its work, on a core that the next measurement would miss.
                redis.config_set("auto-aof-rewrite-percentage", 0)
                yield cls(valkey.url, server, redis, folder)

    def consumer(self, **settings: str) -> Program:
        """Return the consumer as in production; it needs no database for tasks that are valid."""
        service = Service("consumer", INSTALLED_SCRIPTS / "wearon-consumer")
        return service.program(
            {
                "REDIS_URL": self.url,
                "SUPABASE_URL": f"http://127.0.0.1:{free_port()}",
                "SUPABASE_SERVICE_ROLE_KEY": "sb_secret_none",
                "SWEEP_INTERVAL_SECONDS": _A_DAY_S,
                **settings,
            }
        )

    @contextmanager
    def working(self, program: Program) -> Iterator[Child]:
        """Run a program, ready, until the context ends."""
        with running([program], self._folder) as [child]:
            child.wait_until_ready()
            yield child

    def stage(self, entries: Iterable[bytes]) -> None:
        """Have entries at hand, out of the way."""
        remaining = iter(entries)
        while chunk := list(islice(remaining, _PUSHED_AT_ONCE)):
            self.redis.lpush(_STAGED, *chunk)

    def release(self) -> None:
        """Let all that is staged be the app's list, in an instant."""
        self.redis.rename(_STAGED, keys.TASKS)

    def lengths(self) -> Lengths:
        """Say where tasks are."""
        with self.redis.pipeline() as questions:
            questions.llen(keys.TASKS)
            for channel in Channel:
                questions.zcard(keys.waiting(channel))
            for channel in Channel:
                questions.llen(channel.traits.queue)
            in_app_list, *others = questions.execute()
        return Lengths(in_app_list, sum(others[: len(Channel)]), tuple(others[len(Channel) :]))

    def wait_until(self, condition: Callable[[Lengths], bool], worker: Child) -> None:
        """Wait until the lengths are so. Raises `ChildFailed` if `worker` ends before."""
        while not condition(self.lengths()):
            worker.require_running()
            time.sleep(_LOOK_AGAIN_AFTER_S)
