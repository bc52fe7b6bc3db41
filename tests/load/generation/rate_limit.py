"""Whether the limit of calls a minute holds, and is used, however many generators there are."""

import os
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import cycle

from load.benchmark import Bench, Benchmark
from load.generation.traffic import Traffic
from load.row import Promise, Row
from wearon_common.channel import Channel
from wearon_devkit.provider_control import ProviderControl
from wearon_devkit.services import StackPlan
from wearon_devkit.stack import Stack

_PER_MINUTE = 300
_WINDOW_S = 60
_SHORT_S, _FULL_S = 75, 180
_VARIABLES = {"OPENAI_REQUESTS_PER_MINUTE": str(_PER_MINUTE), "WORKER_CONCURRENCY": "15"}
_KILL_EVERY_S = 8
_PATIENCE_S = 120


@dataclass(frozen=True)
class _Fleet:
    """Generators that share a limit of their own."""

    name: str
    generators: int
    dying: bool = False

    @property
    def plan(self) -> StackPlan:
        return StackPlan(
            generators=self.generators, sizing=False, openai_latency_s="1-2", variables=_VARIABLES
        )


_FLEETS = (
    _Fleet("1 generator", 1),
    _Fleet("4 generators", 4),
    _Fleet("4 generators that die and start", 4, dying=True),
)


def measure(bench: Bench) -> Iterator[Row]:
    """Give each fleet a backlog, all at once; the provider's own record says what it was asked, and when."""
    seconds = _FULL_S if bench.full else _SHORT_S
    with ExitStack() as running:
        runs = [_Run.start(fleet, bench, running) for fleet in _FLEETS]
        for run in runs:
            run.submit(round(seconds * _PER_MINUTE / 60))
        _wait(runs, bench, give_up_s=time.monotonic() + seconds + _PATIENCE_S)
        for run in runs:
            yield from run.rows()


RATE_LIMIT = Benchmark("rate-limit", "Rate limit: 300 calls in any 60 s", measure)


@dataclass
class _Run:
    fleet: _Fleet
    stack: Stack
    traffic: Traffic
    _last_death_s: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        children = [s.child for s in self.stack.services if s.child.name.startswith("generator")]
        self._victims, self._signals = cycle(children), cycle([signal.SIGKILL, signal.SIGTERM])

    @classmethod
    def start(cls, fleet: _Fleet, bench: Bench, running: ExitStack) -> "_Run":
        directory = bench.directory / fleet.name.replace(" ", "-")
        stack = running.enter_context(Stack.start(directory, fleet.plan, report=lambda _line: None))
        return cls(fleet, stack, running.enter_context(Traffic.opened(stack.environment)))

    def submit(self, tasks: int) -> None:
        user = self.traffic.owner(Channel.B2C)
        for _ in range(tasks):
            self.traffic.submit(Channel.B2C, user)

    def keep_going(self) -> None:
        """Start again what has died; let the next one die when it is time."""
        self.stack.check()
        if self.fleet.dying and time.monotonic() >= self._last_death_s + _KILL_EVERY_S:
            self._last_death_s = time.monotonic()
            victim = next(self._victims)
            if victim.exit_status() is None:
                os.kill(victim.pid, next(self._signals))

    def rows(self) -> Iterator[Row]:
        calls_s = sorted(call["started_s"] for call in ProviderControl(self.stack.environment).calls())
        most = _busiest(calls_s)
        yield Row(f"busiest 60 s, {self.fleet.name}", most, "calls", promise=Promise("≤", _PER_MINUTE))
        if not self.fleet.dying:  # what a dead one held comes back later: the others have nothing to do
            rate = (len(calls_s) - 1) / (calls_s[-1] - calls_s[0]) * _WINDOW_S
            yield Row("  used of the limit", 100 * rate / _PER_MINUTE, "%", promise=Promise("≥", 97))


def _wait(runs: Sequence[_Run], bench: Bench, give_up_s: float) -> None:
    """Wait until those are done that live: what a dead generator held comes back only much later."""
    living = [run for run in runs if not run.fleet.dying]
    while (left := sum(run.traffic.live() for run in living)) and time.monotonic() < give_up_s:
        bench.tell(f"{left} tasks to go")
        for run in runs:
            run.keep_going()
        time.sleep(0.2)


def _busiest(calls_s: Sequence[float]) -> int:
    first, most = 0, 0
    for last, at_s in enumerate(calls_s):
        while at_s - calls_s[first] >= _WINDOW_S:
            first += 1
        most = max(most, last - first + 1)
    return most
