"""What the worker that the generator replaces does in a minute, and needs for it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median

import psycopg
from redis import Redis

from load.benchmark import Bench
from load.generation.traffic import Traffic
from load.images.photos import retaken
from load.meter import Meter
from load.references.prefork_worker import CONCURRENCY
from load.references.program import reference
from wearon_common.channel import Channel
from wearon_devkit.backing import Backing
from wearon_devkit.environment import Environment
from wearon_devkit.processes.child import Child, running
from wearon_devkit.run_failed import RunFailed
from wearon_devkit.run_folder import RunFolder

_LATENCY_S = "20-30"
_SLOWEST_ROUND_S = 60
_LOOK_AGAIN_AFTER_S = 0.5
# Of tasks that were completed. Each process always has a task, so that this and Little's law give the rate;
# a minute sees only a dozen tasks end, in waves of five, and counting them would be off by a third.
_MEAN_TASK_S = """
    select count(*), avg(processing_time_ms) / 1000 from public.generation_sessions where status = 'completed'
"""


@dataclass(frozen=True)
class PreforkFigures:
    """Of all its processes together, with five tasks at a time.

    `rss_mib` is the median: all wait nearly all the time. Pages that the processes share count in each.
    """

    tasks_per_minute: float
    rss_mib: float
    cpu_s_per_task: float


def measure_prefork(bench: Bench) -> PreforkFigures:
    """Let it work off a backlog of 12-megapixel photos, without a consumer, in about 80 s or 3 minutes."""
    tasks = CONCURRENCY * (7 if bench.full else 2)
    with (
        RunFolder.claim(bench.directory / "prefork") as folder,
        Backing.run(folder, _LATENCY_S) as backing,
        Traffic.opened(backing.environment, retaken) as traffic,
        _worker(folder, backing.environment, traffic.redis) as worker,
    ):
        owner_id = traffic.owner(Channel.B2C)
        meter = Meter([worker])
        before = meter.read()
        for _ in range(tasks):
            traffic.submit(Channel.B2C, owner_id)
        memory_mib = list(_memory_until_done(bench, traffic, worker, tasks))
        return PreforkFigures(
            _tasks_per_minute(backing.environment, tasks),
            median(memory_mib),
            (meter.read().cpu_s - before.cpu_s) / tasks,
        )


@contextmanager
def _worker(folder: RunFolder, environment: Environment, redis: Redis) -> Iterator[Child]:
    """Run it, and what moves tasks from the app's list into its queue."""
    variables = environment.as_variables()
    programs = [
        reference("brpop_delay", redis, variables, waiting_clients=2),
        reference("prefork_worker", redis, variables, waiting_clients=2),
    ]
    with running(programs, folder) as children:
        for child in children:
            child.wait_until_ready()
        yield children[1]


def _memory_until_done(bench: Bench, traffic: Traffic, worker: Child, tasks: int) -> Iterator[float]:
    meter = Meter([worker])
    give_up_s = time.monotonic() + _SLOWEST_ROUND_S * tasks / CONCURRENCY
    while live := traffic.live():
        worker.require_running()
        if time.monotonic() > give_up_s:
            raise RunFailed(f"the reference worker is too slow: {live} of {tasks} tasks are left")
        bench.tell(f"prefork, as a reference: {tasks - live} of {tasks} tasks")
        yield meter.read().rss_mib
        time.sleep(_LOOK_AGAIN_AFTER_S)


def _tasks_per_minute(environment: Environment, tasks: int) -> float:
    with psycopg.connect(environment.database_url) as database:
        [(completed, mean_task_s)] = database.execute(_MEAN_TASK_S)
    if completed != tasks:
        raise RunFailed(f"the reference worker completed {completed} of {tasks} tasks")
    return CONCURRENCY * 60 / float(mean_task_s)
