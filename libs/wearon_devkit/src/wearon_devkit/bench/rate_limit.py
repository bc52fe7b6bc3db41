"""Whether the limit of calls a minute holds, and is used, however many generators there are."""

import os
import signal
import time
from collections.abc import Iterator, Sequence
from itertools import cycle

from wearon_common.channel import Channel
from wearon_devkit.bench.benchmark import Bench, Benchmark
from wearon_devkit.bench.row import Promise, Row
from wearon_devkit.bench.traffic import Traffic
from wearon_devkit.provider_control import ProviderControl
from wearon_devkit.services import StackPlan
from wearon_devkit.stack import Stack

_PER_MINUTE = 300
_WINDOW_S = 60
_REPLICAS = (1, 4)
_VARIABLES = {"OPENAI_REQUESTS_PER_MINUTE": str(_PER_MINUTE), "WORKER_CONCURRENCY": "40"}
_KILL_EVERY_S = 8
_PATIENCE_S = 120


def measure(bench: Bench) -> Iterator[Row]:
    """Give them a backlog; the provider's own record says what it was asked, and when."""
    minutes = 5 if bench.full else 1.3
    for replicas in _REPLICAS:
        bench.tell(f"{replicas} generators")
        calls_s = _calls(bench, replicas, round(minutes * _PER_MINUTE), dying=False)
        yield _busiest(f"busiest 60 s, {replicas} generators", calls_s)
        yield _used(f"  used of the limit, {replicas} generators", calls_s)
    bench.tell("4 generators, one killed or stopped every 8 s")
    yield _busiest("busiest 60 s, 4 generators that die and start", _calls(bench, 4, 420, dying=True))


RATE_LIMIT = Benchmark("rate-limit", "Rate limit: 300 a minute for all generators together", measure)


def _calls(bench: Bench, generators: int, tasks: int, *, dying: bool) -> list[float]:
    """Give the moments, in seconds, at which the provider was called."""
    plan = StackPlan(generators=generators, sizing=False, openai_latency_s="1-3", variables=_VARIABLES)
    with (
        Stack.start(bench.directory / f"{generators}-{dying}", plan, report=lambda _line: None) as stack,
        Traffic.opened(stack.environment) as traffic,
    ):
        user = traffic.owner(Channel.B2C)
        for _ in range(tasks):
            traffic.submit(Channel.B2C, user)
        _wait_until_done(stack, traffic, dying=dying)
        return sorted(call["started_s"] for call in ProviderControl(stack.environment).calls())


def _wait_until_done(stack: Stack, traffic: Traffic, *, dying: bool) -> None:
    generators = cycle([s.child for s in stack.services if s.child.name.startswith("generator")])
    signals = cycle([signal.SIGKILL, signal.SIGTERM])
    began_s = next_death_s = time.monotonic()
    while traffic.live() and time.monotonic() < began_s + _PATIENCE_S:
        stack.check()
        time.sleep(0.2)
        if dying and time.monotonic() >= next_death_s + _KILL_EVERY_S:
            next_death_s = time.monotonic()
            victim = next(generators)
            if victim.exit_status() is None:
                os.kill(victim.pid, next(signals))


def _busiest(what: str, calls_s: Sequence[float]) -> Row:
    first, most = 0, 0
    for last, at_s in enumerate(calls_s):
        while at_s - calls_s[first] >= _WINDOW_S:
            first += 1
        most = max(most, last - first + 1)
    return Row(what, most, "calls", promise=Promise("≤", _PER_MINUTE))


def _used(what: str, calls_s: Sequence[float]) -> Row:
    rate = (len(calls_s) - 1) / (calls_s[-1] - calls_s[0]) * _WINDOW_S
    return Row(what, 100 * rate / _PER_MINUTE, "%", promise=Promise("≥", 97))
