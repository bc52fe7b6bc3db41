"""How much of a backlog a consumer moves on while no generator takes anything."""

import json
from collections.abc import Iterator

import pytest
from integration.consumer.dispatching_shop import DispatchingShop, dispatching_shop

from wearon_common import keys
from wearon_common.channel import Channel
from wearon_devkit.backing import Backing
from wearon_devkit.producer import TryOn, task_of

QUEUE_LIMIT = 5
MOST_WAITING = 20
BATCH = 100  # what a consumer takes at once, and may have more in line than it should
BACKLOG = 400


@pytest.fixture(scope="module")
def desk(backing: Backing, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DispatchingShop]:
    limits = {"CELERY_QUEUE_LIMIT": str(QUEUE_LIMIT), "MOST_WAITING_TASKS": str(MOST_WAITING)}
    with dispatching_shop(backing, tmp_path_factory.mktemp("backlog"), **limits) as desk:
        redis, store = desk.shop.redis, desk.shop.try_on(Channel.B2B).owner_id
        batch = [json.dumps(task_of(TryOn(Channel.B2B, store, ["https://x"]))) for _ in range(BACKLOG)]
        redis.lpush(keys.TASKS, *batch)
        desk.consumer.wait_until(lambda: redis.zcard(keys.waiting(Channel.B2B)) >= MOST_WAITING)
        yield desk


def test_the_backlog_stays_in_the_apps_list(desk: DispatchingShop) -> None:
    redis = desk.shop.redis
    assert redis.llen(Channel.B2B.traits.queue) == QUEUE_LIMIT
    assert redis.zcard(keys.waiting(Channel.B2B)) < MOST_WAITING + BATCH
    assert redis.llen(keys.TASKS) >= BACKLOG - QUEUE_LIMIT - MOST_WAITING - BATCH


def test_what_a_generator_takes_is_made_up_for(desk: DispatchingShop) -> None:
    redis, queue = desk.shop.redis, Channel.B2B.traits.queue
    taken = [redis.rpop(queue) for _ in range(3)]
    assert all(taken)
    desk.consumer.wait_until(lambda: redis.llen(queue) == QUEUE_LIMIT)
    assert desk.consumer.health().json()["status"] == "ok"
