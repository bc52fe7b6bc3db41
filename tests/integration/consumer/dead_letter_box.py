"""Dead letters as a consumer writes them."""

import asyncio
import json
from collections.abc import Sequence
from typing import cast
from uuid import uuid4

from redis import Redis
from redis.asyncio import Redis as AsyncRedis

from wearon_common import keys
from wearon_common.channel import Channel
from wearon_consumer.dead_letters import DeadLetters
from wearon_devkit.producer import TryOn, task_of


def task_entry(**changes: object) -> bytes:
    """Write a task of the app, with some of its fields changed."""
    try_on = TryOn(
        Channel.B2B,
        uuid4(),
        ["https://abc.supabase.co/storage/v1/object/sign/images/uploads/model.jpg?token=SECRET"],
        prompt="A private PROMPTTEXT",
        request_id="req_of jo@example.com",
    )
    return json.dumps({**task_of(try_on), **changes}).encode()


def bury(redis_url: str, *entries: bytes, reason: str = "invalid_task", kept: int = 100) -> None:
    """Let a consumer bury the entries, one after the other."""

    async def run() -> None:
        async with AsyncRedis.from_url(redis_url) as redis:
            letters = DeadLetters(redis, "a-consumer", kept)
            for entry in entries:
                await letters.bury(entry, reason, "version: unsupported; this release reads version 1")

    asyncio.run(run())


def queued(redis_url: str) -> list[bytes]:
    """Give the entries in the queue, in the order in which they will be taken."""
    with Redis.from_url(redis_url) as redis:
        entries = cast("Sequence[bytes]", redis.lrange(keys.TASKS, 0, -1))
    return list(reversed(entries))


def letters_left(redis_url: str) -> int:
    """Count the letters."""
    with Redis.from_url(redis_url) as redis:
        return cast("int", redis.llen(keys.DEAD_LETTERS))
