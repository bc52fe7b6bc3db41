"""How many generations one generator makes, how long they wait for us, and what they cost."""

import random
import time
from collections.abc import Iterator
from itertools import cycle
from uuid import UUID

from load.benchmark import Bench, Benchmark
from load.generation.prefork import PreforkFigures, measure_prefork
from load.generation.traffic import Traffic, steadily
from load.images.photos import retaken
from load.meter import Meter, Reading
from load.quantile import quantile
from load.row import Promise, Row
from wearon_common.channel import Channel
from wearon_devkit.services import StackPlan
from wearon_devkit.stack import Stack

_PER_MINUTE = 300
_USERS, _STORES = 20, 5
_PLAN = StackPlan(
    sizing=False,
    openai_latency_s="20-30",
    variables={
        "BROKER_VISIBILITY_TIMEOUT_SECONDS": "420",
        "GENERATION_LEASE_SECONDS": "90",
        "OPENAI_REQUESTS_PER_MINUTE": "400",  # the limit is another benchmark
        "SWEEP_GRACE_SECONDS": "300",
        "WORKER_CONCURRENCY": "200",
    },
)
_PATIENCE_S = 120
_MIB_PER_GIB = 1024


def measure(bench: Bench) -> Iterator[Row]:
    """Have 12-megapixel photos arrive steadily, then compare with the worker that this one replaces."""
    with (
        Stack.start(bench.directory / "stack", _PLAN) as stack,
        Traffic.opened(stack.environment, retaken) as traffic,
    ):
        run = _Run(stack, traffic, bench)
        run.drive(600 if bench.full else 60)
        yield from run.rows()
    prefork = measure_prefork(bench)
    yield from run.rows_beside(prefork)


GENERATION = Benchmark(
    "generation", "Generation: 300 a minute, provider 20-30 s, 12-megapixel photos", measure
)


class _Run:
    def __init__(self, stack: Stack, traffic: Traffic, bench: Bench) -> None:
        self._traffic = traffic
        self._bench = bench
        self._generator = Meter([s.child for s in stack.services if s.child.name.startswith("generator")])
        self._services = Meter([s.child for s in stack.services])
        self._memory: list[float] = []  # MiB of the generator, about once a second

    def drive(self, seconds: float) -> None:
        """Let try-ons arrive for so long, and wait until they have ended."""
        owners = self._owners()
        before, began_s = self._services.read(), time.monotonic()
        for number in steadily(_PER_MINUTE, seconds):
            self._traffic.submit(*next(owners))
            if number % 5 == 0:
                self._look(number, round(_PER_MINUTE * seconds / 60))
        self._arriving = _spent(before, self._services.read(), time.monotonic() - began_s)
        give_up_s = time.monotonic() + _PATIENCE_S
        while self._traffic.live() and time.monotonic() < give_up_s:
            time.sleep(0.2)
            self._memory.append(self._generator.read().rss_mib)
        self._write_memory()
        self._trips = self._traffic.trips()
        self._cpu_s_per_task = (self._services.read().cpu_s - before.cpu_s) / len(self._trips)

    def rows(self) -> Iterator[Row]:
        """Say how it went."""
        ours_s = [trip.ours_s for trip in self._trips]
        half = len(self._memory) // 2
        yield Row("completed", self._per_minute, "/min", promise=Promise("≥", 0.99 * _PER_MINUTE))
        yield Row("queued to completed, less the provider: median", quantile(ours_s, 0.5), "s")
        yield Row("  95 %", quantile(ours_s, 0.95), "s", promise=Promise("<", 1))
        yield Row("generator's memory, at most", max(self._memory), "MiB", promise=Promise("<", 500))
        yield Row("  in the second half", max(self._memory[half:]), "MiB", max(self._memory[:half]))
        yield Row("CPU of consumer and generator", self._arriving, "cores", promise=Promise("<", 1))
        yield Row("  for one task", self._cpu_s_per_task, "s", promise=Promise("≤", 0.15))

    def rows_beside(self, prefork: PreforkFigures) -> Iterator[Row]:
        """Say how it compares."""
        per_gib = self._per_minute / (max(self._memory) / _MIB_PER_GIB)
        prefork_per_gib = prefork.tasks_per_minute / (prefork.rss_mib / _MIB_PER_GIB)
        yield Row(
            "tasks a minute for 1 GiB, beside prefork with 5 processes", per_gib, "/min", prefork_per_gib
        )
        per_core, prefork_per_core = 60 / self._cpu_s_per_task, 60 / prefork.cpu_s_per_task
        yield Row("tasks a minute that one core can do, beside it", per_core, "/min", prefork_per_core)

    @property
    def _per_minute(self) -> float:
        """What was completed, for the time in which it had arrived."""
        completed = sum(trip.status == "completed" for trip in self._trips)
        return _PER_MINUTE * completed / len(self._trips)

    def _owners(self) -> Iterator[tuple[Channel, UUID]]:
        users = [(Channel.B2C, self._traffic.owner(Channel.B2C)) for _ in range(_USERS)]
        stores = [(Channel.B2B, self._traffic.owner(Channel.B2B)) for _ in range(_STORES)]
        owners = [*users, *stores]
        random.Random(self._bench.seed).shuffle(owners)  # noqa: S311 - repeatable, not secret
        return cycle(owners)

    def _look(self, number: int, expected: int) -> None:
        self._memory.append(self._generator.read().rss_mib)
        self._bench.tell(f"{number} of {expected} arrived, generator {self._memory[-1]:.0f} MiB")

    def _write_memory(self) -> None:
        """Leave the generator's memory behind as a column of figures, to be plotted."""
        lines = "".join(f"{mib:.1f}\n" for mib in self._memory)
        (self._bench.directory / "generator-memory-mib.txt").write_text(lines)


def _spent(before: Reading, after: Reading, seconds: float) -> float:
    return (after.cpu_s - before.cpu_s) / seconds
