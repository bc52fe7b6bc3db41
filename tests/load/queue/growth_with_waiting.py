"""What the consumer's work costs, the more tasks wait the more of them."""

from collections.abc import Iterator, Sequence

from load.benchmark import Bench
from load.meter import Meter
from load.queue.backlog import backlog
from load.queue.bare_queue import NO_LIMIT, BareQueue, Lengths
from load.queue.growth_rows import Figure, growth_rows
from load.queue.redis_commands import CommandWatch, ports_of
from load.queue.upkeep import upkeep_figures
from load.row import Row
from wearon_common.channel import Channel
from wearon_devkit.processes.child import Child

_QUEUE = Channel.B2C.traits.queue
_MOVED_AT_ONCE = 2_000  # tasks: enough for a clock of CPU time that ticks every 10 ms
_MOVES = 3


def rows_with_waiting(bench: Bench, sizes: Sequence[int]) -> Iterator[Row]:
    """Measure with so many tasks in line, each in a Valkey of its own."""
    figures = {}
    for waiting in sizes:
        bench.tell(f"{waiting:,} waiting tasks")
        with BareQueue.start(bench.directory / "queue") as queue:
            figures[f"{waiting:,} waiting"] = _figures(bench, queue, waiting)
    yield from growth_rows(figures)


def _figures(bench: Bench, queue: BareQueue, waiting: int) -> dict[str, Figure]:
    # Celery's queue is as long as what is moved at once, so that the line is as long before as after.
    limits = {"CELERY_QUEUE_LIMIT": str(_MOVED_AT_ONCE), "MOST_WAITING_TASKS": NO_LIMIT}
    with queue.working(queue.consumer(**limits)) as consumer:
        crowd = _Crowd(queue, consumer, bench.seed)
        crowd.arrive(_MOVED_AT_ONCE)
        bytes_before = _dataset_bytes(queue)
        crowd.arrive(waiting)
        bytes_each = (_dataset_bytes(queue) - bytes_before) / waiting
        moving = _cost_of_moving(queue, consumer, crowd)
    return {
        **moving,
        "Redis memory of a waiting task": Figure(bytes_each / 1024, "KiB"),
        **upkeep_figures(queue),
    }


class _Crowd:
    """Tasks that come and go."""

    def __init__(self, queue: BareQueue, consumer: Child, seed: int) -> None:
        self._queue = queue
        self._consumer = consumer
        self._seed = seed
        self._present = 0

    def arrive(self, tasks: int) -> None:
        """Have tasks pushed, and in line or in Celery's queue."""
        self.stage(tasks)
        self.enter(tasks)

    def stage(self, tasks: int) -> None:
        self._seed += 1
        self._queue.stage(backlog(tasks, self._seed, share_of_users=1))

    def enter(self, tasks: int) -> None:
        self._present += tasks
        self._queue.release()
        self._queue.wait_until(self._all_are_in, self._consumer)

    def leave_from_celery(self) -> None:
        """Have generators take what is in Celery's queue."""
        self._present -= _MOVED_AT_ONCE
        self._queue.redis.delete(_QUEUE)

    def _all_are_in(self, lengths: Lengths) -> bool:
        in_celery = sum(lengths.in_celery)
        return in_celery + lengths.in_line == self._present and in_celery == _MOVED_AT_ONCE


def _cost_of_moving(queue: BareQueue, consumer: Child, crowd: _Crowd) -> dict[str, Figure]:
    consumer_meter, server_meter = Meter([consumer]), Meter([queue.server])
    consumer_s = server_s = 0.0
    for _ in range(_MOVES):
        crowd.stage(_MOVED_AT_ONCE)
        consumer_before, server_before = consumer_meter.read(), server_meter.read()
        _move(crowd)
        consumer_s += consumer_meter.read().cpu_s - consumer_before.cpu_s
        server_s += server_meter.read().cpu_s - server_before.cpu_s
    crowd.stage(_MOVED_AT_ONCE)
    with CommandWatch.on(queue.url) as watch:
        _move(crowd)
        commands = watch.seen()
    sent = commands.of(ports_of([consumer])).total()
    return {
        "CPU of the consumer for a task": Figure(consumer_s / _MOVED_AT_ONCE / _MOVES * 1000, "ms"),
        # Its sorted set grows with the logarithm, and out of the processor's cache.
        "CPU of Redis for a task": Figure(server_s / _MOVED_AT_ONCE / _MOVES * 1000, "ms", flat=False),
        "Redis commands sent for a task": Figure(sent / _MOVED_AT_ONCE, ""),
        "Redis commands in scripts for a task": Figure(commands.in_scripts.total() / _MOVED_AT_ONCE, ""),
    }


def _move(crowd: _Crowd) -> None:
    """Have as many come as go: each is taken, gets in line, and another one is let go."""
    crowd.leave_from_celery()
    crowd.enter(_MOVED_AT_ONCE)


def _dataset_bytes(queue: BareQueue) -> int:
    return int(queue.redis.info("memory")["used_memory_dataset"])
