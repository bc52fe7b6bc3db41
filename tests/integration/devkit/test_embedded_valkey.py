"""The embedded Valkey."""

from collections.abc import Iterator

import pytest
import redis


@pytest.fixture
def client(redis_url: str) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(redis_url, decode_responses=True) as client:
        yield client


@pytest.mark.parametrize(
    ("setting", "value"),
    [("maxmemory-policy", "noeviction"), ("save", ""), ("appendonly", "yes"), ("bind", "127.0.0.1")],
)
def test_it_is_set_up_as_a_broker(client: redis.Redis, setting: str, value: str) -> None:
    assert client.config_get(setting) == {setting: value}


def test_it_moves_between_lists_and_runs_scripts(client: redis.Redis) -> None:
    client.lpush("tasks", "first", "second")
    assert client.blmove("tasks", "processing", 1, "RIGHT", "LEFT") == "first"
    assert client.eval("return redis.call('LLEN', KEYS[1])", 1, "processing") == 1


def test_each_test_begins_empty(client: redis.Redis) -> None:
    assert client.dbsize() == 0
