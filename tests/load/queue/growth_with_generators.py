"""What a task costs in Redis commands, the more generators share the work."""

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from load.benchmark import Bench
from load.generation.traffic import Traffic
from load.queue.growth_rows import Figure, growth_rows
from load.queue.redis_commands import Commands, CommandWatch, ports_of
from load.row import Promise, Row
from wearon_common.channel import Channel
from wearon_devkit.processes.child import Child
from wearon_devkit.services import StackPlan
from wearon_devkit.stack import Stack

_TASKS = 200
_IDLE_S = 5.0
_OWNERS = {Channel.B2C: 8, Channel.B2B: 2}
# What the services are told in production; on this machine they usually look more often.
_VARIABLES = {
    "BROKER_VISIBILITY_TIMEOUT_SECONDS": "420",
    "CONSUMER_HEARTBEAT_SECONDS": "15",
    "GENERATION_LEASE_SECONDS": "90",
    "OPENAI_REQUESTS_PER_MINUTE": "3000",
    "SWEEP_GRACE_SECONDS": "300",
    "SWEEP_INTERVAL_SECONDS": "30",
    "WORKER_CONCURRENCY": "20",
}
_LATENCY_S = "0.5"
_OF_GENERATORS = "Redis commands of generators for a task"
_OF_CONSUMER = "Redis commands of the consumer for a task"
# Idle generators pop in vain, once a second; busy ones do not, so that this is nothing to take off.
_POP = "BRPOP"
_LIMITER = "EVALSHA"  # the one script of a generator's own is the rate limiter's


def rows_with_generators(bench: Bench, sizes: Sequence[int], tasks: int = _TASKS) -> Iterator[Row]:
    """Measure the same tasks with so many generators, each time on a stack of its own."""
    figures = {}
    for generators in sizes:
        bench.tell(f"{generators} generators, {tasks} tasks")
        plan = StackPlan(
            generators=generators, sizing=False, openai_latency_s=_LATENCY_S, variables=_VARIABLES
        )
        with (
            Stack.start(bench.directory / "stack", plan, report=bench.tell) as stack,
            Traffic.opened(stack.environment) as traffic,
        ):
            name = f"{generators} generator{'s' if generators > 1 else ''}"
            figures[name] = _figures(_watch_work(stack, traffic, tasks), generators)
    yield from growth_rows(figures)
    last = figures[name]
    in_all = sum(last[what].value for what in (_OF_GENERATORS, _OF_CONSUMER))
    yield Row(f"Redis commands for a task in all, {name}", in_all, "", promise=Promise("≤", 12))


@dataclass(frozen=True)
class _Seen:
    """What the services of a stack sent while they idled and while they worked."""

    idle: Commands
    busy: Commands
    busy_s: float
    tasks: int
    generators: frozenset[int]  # ports
    consumer: frozenset[int]

    def per_task(self, ports: frozenset[int]) -> Mapping[str, float]:
        """Give the commands that a task takes, by name, without what is sent when there is none."""
        idle_share = self.busy_s / _IDLE_S
        idle = Counter({name: count for name, count in self.idle.of(ports).items() if name != _POP})
        busy = self.busy.of(ports)
        return {name: max(0.0, count - idle[name] * idle_share) / self.tasks for name, count in busy.items()}


def _figures(seen: _Seen, generators: int) -> dict[str, Figure]:
    by_generators = seen.per_task(seen.generators)
    by_consumer = seen.per_task(seen.consumer)
    idle_per_s = seen.idle.of(seen.generators).total() / _IDLE_S / generators
    return {
        _OF_GENERATORS: Figure(sum(by_generators.values()), ""),
        "of these, of the rate limiter": Figure(by_generators[_LIMITER], ""),
        _OF_CONSUMER: Figure(sum(by_consumer.values()), "", flat=False),
        "Redis commands of an idle generator, each second": Figure(idle_per_s, ""),
    }


def _watch_work(stack: Stack, traffic: Traffic, tasks: int) -> _Seen:
    generators, consumer = _children(stack, "generator"), _children(stack, "consumer")
    owners = [(channel, traffic.owner(channel)) for channel, count in _OWNERS.items() for _ in range(count)]
    with CommandWatch.on(stack.environment.redis_url) as watch:
        traffic.submit(*owners[0])  # every client is connected after it
        _wait_for_the_end(traffic)
        watch.seen()
        time.sleep(_IDLE_S)
        idle, began_s = watch.seen(), time.monotonic()
        for number in range(tasks):
            traffic.submit(*owners[number % len(owners)])
        _wait_for_the_end(traffic)
        busy, busy_s = watch.seen(), time.monotonic() - began_s
    return _Seen(idle, busy, busy_s, tasks, ports_of(generators), ports_of(consumer))


def _children(stack: Stack, kind: str) -> list[Child]:
    return [child for child in stack.children if child.name.startswith(kind)]


def _wait_for_the_end(traffic: Traffic) -> None:
    while traffic.live():
        time.sleep(0.2)
    time.sleep(1)  # the last acknowledgements come after the last row
