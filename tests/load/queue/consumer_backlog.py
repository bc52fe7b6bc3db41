"""How fast a backlog gets to Celery, what that costs, and that Celery's queue is never flooded."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

from load.benchmark import Bench, Benchmark
from load.meter import Meter, Reading
from load.queue.backlog import backlog
from load.queue.bare_queue import NO_LIMIT, BareQueue
from load.queue.high_water import high_water_rows
from load.references.program import reference
from load.row import Promise, Row
from wearon_devkit.processes.program import Program

_SHORT, _FULL = 20_000, 100_000  # tasks
_MOST_GROWTH_MIB = 20


@dataclass(frozen=True)
class _Move:
    """How one program moved a backlog."""

    tasks: int
    seconds: float
    before: Reading
    after: Reading

    @property
    def tasks_per_s(self) -> float:
        return self.tasks / self.seconds

    @property
    def cpu_s_per_1000_tasks(self) -> float:
        return (self.after.cpu_s - self.before.cpu_s) / self.tasks * 1000

    @property
    def growth_mib(self) -> float:
        return self.after.rss_mib - self.before.rss_mib


def measure(bench: Bench) -> Iterator[Row]:
    """Move the same backlog by the consumer and by each reference, on one Valkey, one after another."""
    yield from backlog_rows(bench, tasks=_FULL if bench.full else _SHORT)


def backlog_rows(bench: Bench, tasks: int) -> Iterator[Row]:
    """Measure with a backlog of so many tasks."""
    with BareQueue.start(bench.directory) as queue:
        yield from _move_rows(bench, queue, tasks)
        yield from high_water_rows(bench, queue, tasks)


def _move_rows(bench: Bench, queue: BareQueue, tasks: int) -> Iterator[Row]:
    variables = {"REDIS_URL": queue.url}
    limits = {"CELERY_QUEUE_LIMIT": NO_LIMIT, "MOST_WAITING_TASKS": NO_LIMIT}
    consumer = _move(bench, queue, queue.consumer(**limits), tasks)
    plain = _move(bench, queue, reference("brpop_delay", queue.redis, variables), tasks)
    bare = _move(bench, queue, reference("round_trips", queue.redis, variables), tasks)
    speed, fast = consumer.tasks_per_s, Promise("≥", 3, of_ratio=True)
    yield Row("moved, against BRPOP + .delay()", speed, "tasks/s", plain.tasks_per_s, fast)
    yield Row("moved, against the bare round trips", speed, "tasks/s", bare.tasks_per_s)
    yield Row(
        "CPU of 1,000 tasks, against BRPOP + .delay()",
        consumer.cpu_s_per_1000_tasks,
        "s",
        plain.cpu_s_per_1000_tasks,
    )
    yield Row("memory before the backlog", consumer.before.rss_mib, "MiB")
    yield Row("memory after the backlog", consumer.after.rss_mib, "MiB")
    yield Row("growth of memory", consumer.growth_mib, "MiB", promise=Promise("<", _MOST_GROWTH_MIB))


def _move(bench: Bench, queue: BareQueue, program: Program, tasks: int) -> _Move:
    bench.tell(f"{program.name}: {tasks:,} tasks")
    queue.redis.flushall()
    queue.stage(backlog(tasks, bench.seed))
    with queue.working(program) as child:
        meter = Meter([child])
        before, began_s = meter.read(), time.monotonic()
        queue.release()
        queue.wait_until(lambda lengths: sum(lengths.in_celery) >= tasks, child)
        return _Move(tasks, time.monotonic() - began_s, before, meter.read())


CONSUMER_BACKLOG = Benchmark("consumer", "Consumer: a backlog of thousands", measure)
