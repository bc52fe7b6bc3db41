"""What one consumer takes from the producer's list, without ever holding a task in memory alone."""

from collections.abc import Sequence
from datetime import timedelta
from typing import cast

from redis.asyncio import Redis

from wearon_common import keys

_BATCH = 100  # entries; their messages are made without a break, in a few milliseconds

# KEYS: the producer's list, a processing list, the hash of recoveries. ARGV: how many to move at most.
# Moves the oldest entries and gives them, newest first. While recovered entries are about, one at a time:
# an entry that kills its consumer must not take others along until it is buried.
_TAKE = """
local most = tonumber(ARGV[1])
if redis.call('EXISTS', KEYS[3]) == 1 then most = 1 end
local entries = redis.call('LRANGE', KEYS[1], -most, -1)
if #entries == 0 then return entries end
redis.call('LTRIM', KEYS[1], 0, -#entries - 1)
for i = #entries, 1, -1 do redis.call('LPUSH', KEYS[2], entries[i]) end
return entries
"""


class Inbox:
    """Moves entries from the producer's list to this consumer's processing list.

    The move is atomic in Redis, so an entry is always in exactly one list, whoever dies.
    """

    def __init__(self, redis: Redis, consumer: str) -> None:
        self._redis = redis
        self._processing = keys.processing(consumer)
        self._take = redis.register_script(_TAKE)
        self._may_hold_unfinished = False

    async def take_many(self) -> Sequence[bytes]:
        """Give the next entries, oldest first; before any other, those left unfinished by an error."""
        return await self._unfinished() or await self._move_many()

    async def take_one(self, patience: timedelta) -> Sequence[bytes]:
        """Wait up to `patience` for an entry and give it; before any other, those left unfinished."""
        return await self._unfinished() or await self._move_one(patience)

    def expect_unfinished(self) -> None:
        """After an error the answer to a move may have been lost: look into our own list first."""
        self._may_hold_unfinished = True

    async def give_back(self) -> None:
        """Return what is unfinished to the head of the producer's list."""
        while await self._redis.lmove(self._processing, keys.TASKS, "LEFT", "RIGHT") is not None:
            pass

    async def _unfinished(self) -> Sequence[bytes]:
        if not self._may_hold_unfinished:
            return ()
        entries = cast("list[bytes]", await self._redis.lrange(self._processing, -_BATCH, -1))
        self._may_hold_unfinished = bool(entries)
        return entries[::-1]

    async def _move_many(self) -> Sequence[bytes]:
        entries = await self._take(keys=[keys.TASKS, self._processing, keys.RECOVERED], args=[_BATCH])
        return cast("list[bytes]", entries)[::-1]

    async def _move_one(self, patience: timedelta) -> Sequence[bytes]:
        timeout_s = cast("int", patience.total_seconds())  # Redis takes fractions
        entry = await self._redis.blmove(keys.TASKS, self._processing, timeout_s, "RIGHT", "LEFT")
        return () if entry is None else (cast("bytes", entry),)
