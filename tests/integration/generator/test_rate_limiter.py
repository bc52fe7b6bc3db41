"""One rate for all replicas, on a real Valkey."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from redis import Redis

from wearon_common import keys
from wearon_common.channel import Channel
from wearon_common.redis_client import connect_redis
from wearon_devkit.ports import free_port
from wearon_generator.failures import ProviderUnavailable
from wearon_generator.rate_limiter import RateLimiter
from wearon_generator.slots import Slots
from wearon_generator.turns import Flow

PER_MINUTE = 2_400
SPACING_S = 60 / PER_MINUTE
LONG = timedelta(minutes=1)
LATENESS_MADE_UP_S = 0.2
EASING_MS = 15_000
SOMEBODY: Flow = (Channel.B2C, "somebody")


def with_limiters(
    redis_url: str,
    use: Callable[..., Awaitable[None]],
    *,
    count: int = 1,
    longest_wait: timedelta = LONG,
    per_minute: int = PER_MINUTE,
) -> float:
    """Hand limiters, each on a client of its own, to `use`; give the seconds that it took."""

    async def run() -> float:
        clients = [connect_redis(redis_url) for _ in range(count)]
        limiters = [RateLimiter(Slots(client, per_minute, longest_wait)) for client in clients]
        began_s = time.monotonic()
        try:
            await use(*limiters)
            return time.monotonic() - began_s
        finally:
            for client in clients:
                await client.aclose()

    return asyncio.run(run())


async def acquire_at_once(*limiters: RateLimiter) -> None:
    await asyncio.gather(*(limiter.acquire(SOMEBODY) for limiter in limiters))


def test_the_first_call_waits_for_nobody(redis_url: str) -> None:
    assert with_limiters(redis_url, acquire_at_once) < 5


@pytest.mark.parametrize("replicas", [1, 2, 10])
def test_twenty_calls_are_spaced_however_many_replicas_make_them(redis_url: str, replicas: int) -> None:
    async def acquire_twenty(*limiters: RateLimiter) -> None:
        await acquire_at_once(*(list(limiters) * (20 // replicas)))

    assert with_limiters(redis_url, acquire_twenty, count=replicas) >= 19 * SPACING_S - LATENESS_MADE_UP_S


def test_who_comes_first_is_served_first(redis_url: str) -> None:
    served: list[int] = []

    async def acquire(limiter: RateLimiter, number: int) -> None:
        await limiter.acquire(SOMEBODY)
        served.append(number)

    async def acquire_in_order(limiter: RateLimiter) -> None:
        waiting = []
        for number in range(6):
            waiting.append(asyncio.create_task(acquire(limiter, number)))
            await asyncio.sleep(0.02)
        await asyncio.gather(*waiting)

    with_limiters(redis_url, acquire_in_order, per_minute=300)
    assert served == sorted(served)


def test_a_pause_of_one_replica_holds_for_all_and_a_shorter_one_does_not_cut_it(redis_url: str) -> None:
    async def pause_and_acquire(first: RateLimiter, second: RateLimiter) -> None:
        await first.pause(timedelta(seconds=0.4))
        await first.pause(timedelta(seconds=0.01))
        await second.acquire(SOMEBODY)

    assert with_limiters(redis_url, pause_and_acquire, count=2) >= 0.4


def test_a_pause_also_holds_for_who_was_already_waiting(redis_url: str) -> None:
    async def wait_then_pause(limiter: RateLimiter) -> None:
        await limiter.acquire(SOMEBODY)
        waiting = asyncio.create_task(limiter.acquire(SOMEBODY))
        await limiter.pause(timedelta(seconds=0.4))
        await waiting

    assert with_limiters(redis_url, wait_then_pause) >= 0.4


def test_a_turn_that_would_come_too_late_is_refused_and_takes_no_slot(redis_url: str) -> None:
    async def overbook(limiter: RateLimiter) -> None:
        await limiter.pause(timedelta(seconds=20))
        for _ in range(100):
            with pytest.raises(ProviderUnavailable, match="pause is longer"):
                await limiter.acquire(SOMEBODY)

    with_limiters(redis_url, overbook, longest_wait=timedelta(seconds=5))
    with Redis.from_url(redis_url) as redis:
        assert not redis.exists(keys.PROVIDER_NEXT_SLOT)


def test_a_clock_of_redis_that_was_set_back_stops_nobody(redis_url: str) -> None:
    in_an_hour_us = round((time.time() + 3_600) * 1_000_000)
    with Redis.from_url(redis_url) as client:
        client.set(keys.PROVIDER_NEXT_SLOT, in_an_hour_us, px=3_600_000)

    assert with_limiters(redis_url, acquire_at_once) < 5


def test_what_it_keeps_in_redis_goes_away_by_itself(redis_url: str) -> None:
    async def use(limiter: RateLimiter) -> None:
        await limiter.acquire(SOMEBODY)
        await limiter.pause(timedelta(seconds=30))

    with_limiters(redis_url, use)
    with Redis.from_url(redis_url) as redis:
        lifetimes_ms = [redis.pttl(key) for key in (keys.PROVIDER_NEXT_SLOT, keys.PROVIDER_PAUSED_UNTIL)]
    assert all(0 < lifetime_ms <= 31_000 + EASING_MS for lifetime_ms in lifetimes_ms)


def test_without_redis_nobody_calls() -> None:
    async def try_for_a_while(limiter: RateLimiter) -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.8):
                await limiter.acquire(SOMEBODY)

    with_limiters(f"redis://127.0.0.1:{free_port()}/0", try_for_a_while)


def test_a_batch_that_waits_does_not_delay_another_flow(redis_url: str) -> None:
    served: list[str] = []

    async def acquire(limiter: RateLimiter, flow: Flow) -> None:
        await limiter.acquire(flow)
        served.append(flow[1])

    async def acquire_beside_a_batch(limiter: RateLimiter) -> None:
        batch = [asyncio.create_task(acquire(limiter, (Channel.B2B, "batch"))) for _ in range(20)]
        await asyncio.sleep(0)
        await acquire(limiter, (Channel.B2C, "user"))
        for waiting in batch:
            waiting.cancel()

    with_limiters(redis_url, acquire_beside_a_batch, per_minute=600)
    assert served.index("user") <= 5


def test_who_gives_up_waiting_takes_no_permit_from_the_others(redis_url: str) -> None:
    async def give_up_and_acquire(limiter: RateLimiter) -> None:
        await acquire_at_once(*[limiter] * 2)
        impatient = [asyncio.create_task(limiter.acquire(SOMEBODY)) for _ in range(100)]
        await asyncio.sleep(0)
        for waiting in impatient:
            waiting.cancel()
        async with asyncio.timeout(20):
            await limiter.acquire(SOMEBODY)

    with_limiters(redis_url, give_up_and_acquire, per_minute=60)


def test_after_a_pause_the_rate_comes_back_slowly(redis_url: str) -> None:
    async def pause_and_acquire(limiter: RateLimiter) -> None:
        await limiter.pause(timedelta(seconds=0.1))
        await acquire_at_once(*[limiter] * 8)

    usual_s = 7 * 60 / 600
    assert with_limiters(redis_url, pause_and_acquire, per_minute=600) >= 2 * usual_s
