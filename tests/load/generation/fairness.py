"""Whether one owner's batch makes others wait."""

import time
from collections.abc import Iterator
from uuid import UUID

from load.benchmark import Bench, Benchmark
from load.generation.traffic import Traffic, Trip, steadily
from load.quantile import quantile
from load.row import Promise, Row
from wearon_common.channel import Channel
from wearon_devkit.services import StackPlan
from wearon_devkit.stack import Stack

_PER_MINUTE = 300
_TRICKLE_PER_MINUTE = 60
_BATCH = 5_000
_PLAN = StackPlan(
    sizing=False,
    openai_latency_s="8-12",
    variables={
        "BROKER_VISIBILITY_TIMEOUT_SECONDS": "420",
        "OPENAI_REQUESTS_PER_MINUTE": str(_PER_MINUTE),
        "SWEEP_GRACE_SECONDS": "300",
        "WORKER_CONCURRENCY": "100",  # twice what the limit lets work: half of them wait for a permit
    },
)
# What the batch may add at the 95 %: to a user's wait little, to a store's what of it is in Celery's queue.
_MORE_S = {Channel.B2C: 2, Channel.B2B: 15}


def measure(bench: Bench) -> Iterator[Row]:
    """Have some tasks arrive steadily, without and with a store's batch of thousands before them."""
    seconds = 120 if bench.full else 30
    alone = _waits(bench, seconds, batch=0)
    beside = _waits(bench, seconds, batch=_BATCH)
    for who, channel in (("a user's", Channel.B2C), ("another store's", Channel.B2B)):
        without_s, with_s = (quantile(waits[channel], 0.95) for waits in (alone, beside))
        yield Row(
            f"{who} wait for the provider, 95 %, beside a batch of {_BATCH:,}",
            with_s,
            "s",
            without_s,
            Promise("≤", round(without_s + _MORE_S[channel], 2)),
        )


FAIRNESS = Benchmark("fairness", "Fairness: while a store's batch drains", measure)


def _waits(bench: Bench, seconds: float, batch: int) -> dict[Channel, list[float]]:
    with (
        Stack.start(bench.directory / f"batch-{batch}", _PLAN) as stack,
        Traffic.opened(stack.environment) as traffic,
    ):
        batch_store = traffic.owner(Channel.B2B)
        if batch:
            bench.tell(f"submitting a batch of {batch}")
            for _ in range(batch):
                traffic.submit(Channel.B2B, batch_store)
            time.sleep(10)  # until every slot is taken
        others = {channel: traffic.owner(channel) for channel in Channel}
        for number in steadily(_TRICKLE_PER_MINUTE, seconds):
            channel = list(Channel)[number % 2]
            traffic.submit(channel, others[channel])
            bench.tell(f"{number + 1} others beside a batch of {batch}")
        time.sleep(max(_MORE_S.values()))
        return {channel: _of(others[channel], traffic.trips()) for channel in Channel}


def _of(owner_id: UUID, trips: list[Trip]) -> list[float]:
    return [trip.wait_s for trip in trips if trip.owner_id == owner_id]
