"""A session is ended only when two sweeps running have found it lost."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta

import pytest
from prometheus_client import CollectorRegistry
from shop import Shop

from wearon_common import keys
from wearon_common.redis_client import connect_redis
from wearon_common.sessions import Sessions
from wearon_common.supabase_client import close_supabase, connect_supabase
from wearon_consumer.leadership import Leadership
from wearon_consumer.metrics.leader import SweepMetrics
from wearon_consumer.sweeper import Sweeper
from wearon_devkit.environment import Environment
from wearon_devkit.producer import task_of

Sweep = Callable[[], Awaitable[None]]


@pytest.fixture
def shop(platform: Environment) -> Iterator[Shop]:
    with Shop.opened(platform) as shop:
        yield shop


def sweeping(environment: Environment, story: Callable[[Sweep], Awaitable[None]]) -> None:
    async def run() -> None:
        key = environment.supabase_service_role_key
        client = connect_supabase(environment.supabase_url, key, timedelta(seconds=10))
        async with connect_redis(environment.redis_url) as redis:
            leadership = Leadership(redis, keys.SWEEPER, "sweeper", timedelta(minutes=1))
            metrics = SweepMetrics(CollectorRegistry())
            grace = timedelta(microseconds=1)
            await story(Sweeper(redis, Sessions(client), leadership, metrics, grace).sweep)
        await close_supabase(client)

    asyncio.run(run())


def test_a_lost_session_is_ended_by_the_second_sweep(shop: Shop) -> None:
    lost = shop.pay(shop.try_on())

    async def story(sweep: Sweep) -> None:
        await sweep()
        assert shop.row(lost)["status"] == "queued"
        await sweep()
        assert shop.row(lost)["status"] == "failed"

    sweeping(shop.environment, story)


def test_a_task_that_was_out_of_sight_once_is_left_alone(shop: Shop) -> None:
    moving = shop.pay(shop.try_on())

    async def story(sweep: Sweep) -> None:
        await sweep()
        shop.producer.push(json.dumps(task_of(moving)))
        await sweep()
        assert shop.row(moving)["status"] == "queued"

    sweeping(shop.environment, story)


@pytest.mark.parametrize("spelling", ["{%s}", "urn:uuid:%s"])
def test_a_task_that_waits_keeps_its_session_however_it_spells_it(shop: Shop, spelling: str) -> None:
    waiting = shop.pay(shop.try_on())
    shop.producer.push(json.dumps(task_of(waiting) | {"session_id": spelling % waiting.session_id}))

    async def story(sweep: Sweep) -> None:
        await sweep()
        await sweep()
        assert shop.row(waiting)["status"] == "queued"

    sweeping(shop.environment, story)


def test_a_session_lost_behind_a_long_backlog_is_found(shop: Shop) -> None:
    shop.database.execute(
        "insert into public.generation_sessions (user_id, status, model_image_url, prompt_system, created_at)"
        " select gen_random_uuid(), 'queued', 'x', 'y', now() - interval '1 hour'"
        " from generate_series(1, 1200)"
    )
    for (session_id,) in shop.database.execute("select id from public.generation_sessions").fetchall():
        shop.redis.lpush(keys.TASKS, json.dumps({"session_id": str(session_id)}))
    lost = shop.pay(shop.try_on())

    async def story(sweep: Sweep) -> None:
        await sweep()
        await sweep()
        assert shop.row(lost)["status"] == "failed"

    sweeping(shop.environment, story)
