"""What the consumer does beside moving tasks, and what that costs."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta

from redis.asyncio import Redis

from load.queue.bare_queue import BareQueue
from load.queue.growth_rows import Figure
from load.queue.redis_commands import CommandWatch
from wearon_common.redis_client import connect_redis
from wearon_consumer.heartbeat import Heartbeat
from wearon_consumer.waiting_tasks import sessions_with_a_task

_BEATS = 100


def upkeep_figures(queue: BareQueue) -> dict[str, Figure]:
    """Measure it on a queue that no consumer works on."""
    sweep_s, sweep_commands = _cost_of(queue, _look_for_every_task)
    beats_s, beat_commands = _cost_of(queue, _beat)
    return {
        "a sweep's look for every task": Figure(sweep_s, "s", flat=False),
        "Redis commands of such a look": Figure(sweep_commands, "", flat=False),
        "a heartbeat": Figure(beats_s / _BEATS * 1000, "ms", flat=False),
        "Redis commands of a heartbeat": Figure(beat_commands / _BEATS, ""),
    }


def _cost_of(queue: BareQueue, action: Callable[[Redis], Awaitable[object]]) -> tuple[float, int]:
    """Give the seconds that it takes, and, doing it once more, the commands that it sends."""

    async def act() -> float:
        async with connect_redis(queue.url) as redis:
            await redis.ping()
            began_s = time.monotonic()
            await action(redis)
            return time.monotonic() - began_s

    seconds = asyncio.run(act())
    with CommandWatch.on(queue.url) as watch:
        asyncio.run(act())
        commands = watch.seen()
    return seconds, commands.of(frozenset(commands.by_port)).total()


async def _look_for_every_task(redis: Redis) -> None:
    await sessions_with_a_task(redis)


async def _beat(redis: Redis) -> None:
    heartbeat = Heartbeat(redis, "bench", timedelta(seconds=1))
    for _ in range(_BEATS):
        await heartbeat.beat()
