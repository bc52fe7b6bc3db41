"""A task is found wherever it lies in Redis, and nothing else is taken for one."""

import json
from collections.abc import Iterator
from uuid import uuid4

import pytest
from redis import Redis

from wearon_common import keys
from wearon_common.channel import Channel
from wearon_devkit.chaos.leftovers import left_in_redis, sessions_in_redis
from wearon_devkit.producer import TryOn, task_of

TRY_ON = TryOn(Channel.B2B, uuid4(), ["https://x/1.jpg"])
TASK = json.dumps(task_of(TRY_ON))


@pytest.fixture
def redis(redis_url: str) -> Iterator[Redis]:
    with Redis.from_url(redis_url) as redis:
        yield redis


@pytest.mark.parametrize("name", [keys.TASKS, keys.processing("c-1"), Channel.B2B.traits.queue, "elsewhere"])
def test_a_task_in_a_list_is_left(redis: Redis, name: str) -> None:
    redis.lpush(name, TASK, "garbage")
    assert left_in_redis(redis) == {name: 2}
    assert sessions_in_redis(redis) == {TRY_ON.session_id}


def test_a_task_in_line_is_left(redis: Redis) -> None:
    redis.zadd(keys.waiting(Channel.B2B), {TASK: 7})
    assert left_in_redis(redis) == {keys.waiting(Channel.B2B): 1}
    assert sessions_in_redis(redis) == {TRY_ON.session_id}


def test_a_task_that_a_generator_holds_is_left_however_deep_it_is_packed(redis: Redis) -> None:
    redis.hset("unacked", "tag", json.dumps([{"body": TASK}, "", "generation.b2b"]))
    assert left_in_redis(redis) == {"unacked": 1}
    assert sessions_in_redis(redis) == {TRY_ON.session_id}


def test_dead_letters_and_notes_are_no_tasks(redis: Redis) -> None:
    redis.lpush(keys.DEAD_LETTERS, json.dumps({"entry": TASK, "reason": "version"}))
    redis.hset(keys.RECOVERED, "digest", "2")
    redis.zadd(keys.turns(Channel.B2B), {str(TRY_ON.owner_id): 7})
    redis.zadd("unacked_index", {"tag": 7})
    redis.sadd(keys.CONSUMERS, "c-1")
    redis.set(keys.SWEEPER, "c-1")
    assert left_in_redis(redis) == {}
    assert sessions_in_redis(redis) == set()
