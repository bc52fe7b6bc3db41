"""Which sessions still have a task somewhere in Redis."""

import json
import re
from collections.abc import AsyncIterator
from typing import cast
from uuid import UUID

from redis.asyncio import Redis

from wearon_common import keys
from wearon_common.channel import Channel

_CHUNK = 50  # entries; a prompt may be as long as 100 kB, and more at once are not faster
_UNACKED = "unacked"  # kombu: messages that a generator holds, delivery tag → message
_SESSION_ID = re.compile(rb'"session_id":\s*("(?:[^"\\]|\\.)+")')  # with its quotes, as JSON


async def sessions_with_a_task(redis: Redis) -> set[str]:
    """Collect the session ids of every task that waits or is being worked on.

    It follows the way of a task, so one that moves on meanwhile is met again further down.
    """
    found: set[str] = set()
    async for entry in _entries(redis):
        found.update(_canonical(json.loads(match)) for match in _SESSION_ID.findall(entry))
    return found


async def _entries(redis: Redis) -> AsyncIterator[bytes]:
    consumers = [cast("bytes", name).decode() for name in await redis.smembers(keys.CONSUMERS)]
    for name in [keys.TASKS, *map(keys.processing, consumers)]:
        async for entry in _list_entries(redis, name):
            yield entry
    for channel in Channel:
        async for message, _turn in redis.zscan_iter(keys.waiting(channel), count=_CHUNK):
            yield message
        async for message in _list_entries(redis, channel.traits.queue):
            yield message
    async for _tag, message in redis.hscan_iter(_UNACKED, count=_CHUNK):
        yield message


async def _list_entries(redis: Redis, name: str) -> AsyncIterator[bytes]:
    start = 0
    while chunk := await redis.lrange(name, start, start + _CHUNK - 1):
        for entry in chunk:
            yield cast("bytes", entry)
        start += _CHUNK


def _canonical(session_id: str) -> str:
    """Write a UUID as the database does, however the producer wrote it."""
    try:
        return str(UUID(session_id))
    except ValueError:
        return session_id
