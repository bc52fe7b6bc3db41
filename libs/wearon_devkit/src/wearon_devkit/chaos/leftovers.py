"""What still lies in Redis when nothing should."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from redis import Redis

from wearon_common import keys

# However often a task is packed into text again, its id stays as it is; only the quotes around it change.
_SESSION_ID = re.compile(rb'session_id\W+"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})', re.IGNORECASE)


def left_in_redis(redis: Redis) -> dict[str, int]:
    """Count, by key, the entries that are or may be tasks; dead letters are left out.

    Whatever lies in a list may be one. In a hash or a sorted set, where others keep their notes too, it is
    what names a session.
    """
    return dict(Counter(name for name, _entry in _tasks(redis)))


def sessions_in_redis(redis: Redis) -> set[UUID]:
    """Collect the sessions that have a task somewhere."""
    return {UUID(found.decode()) for _name, entry in _tasks(redis) for found in _SESSION_ID.findall(entry)}


def _tasks(redis: Redis) -> Iterator[tuple[str, bytes]]:
    for key in redis.scan_iter():
        name = key.decode()
        if name != keys.DEAD_LETTERS:
            yield from ((name, entry) for entry in _tasks_in(redis, name))


def _tasks_in(redis: Any, name: str) -> Iterable[bytes]:  # noqa: ANN401 - answers are typed as of both clients
    match redis.type(name):
        case b"list":
            entries: list[bytes] = redis.lrange(name, 0, -1)
            return entries
        case b"hash":
            return filter(_SESSION_ID.search, redis.hvals(name))
        case b"zset":
            return filter(_SESSION_ID.search, redis.zrange(name, 0, -1))
        case _:
            return ()
