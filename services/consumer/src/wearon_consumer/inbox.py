"""What one consumer takes from the producer's list, without ever holding a task in memory alone."""

from typing import cast

from redis.asyncio import Redis

from wearon_common import keys
from wearon_consumer.entry import digest

_WAIT_S = 1  # how long a stop may have to wait for a blocking move


class Inbox:
    """Moves entries from the producer's list to this consumer's processing list, and out of it when done.

    The move is atomic in Redis, so an entry is always in exactly one list, whoever dies.
    """

    def __init__(self, redis: Redis, consumer: str) -> None:
        self._redis = redis
        self._processing = keys.processing(consumer)
        self._may_hold_unfinished = False

    async def take(self) -> bytes | None:
        """Give the next entry, first of all one left unfinished by an error; None when there is none."""
        if self._may_hold_unfinished:
            entry = await self._redis.lindex(self._processing, -1)
            if entry is not None:
                return cast("bytes", entry)
            self._may_hold_unfinished = False
        moved = await self._redis.blmove(keys.TASKS, self._processing, _WAIT_S, "RIGHT", "LEFT")
        return cast("bytes | None", moved)

    def expect_unfinished(self) -> None:
        """After an error the answer to a move may have been lost: look into our own list first."""
        self._may_hold_unfinished = True

    async def finish(self, entry: bytes) -> None:
        """Forget an entry that has been published."""
        async with self._redis.pipeline(transaction=True) as transaction:
            transaction.lrem(self._processing, 1, entry)  # type: ignore[arg-type] # bytes are fine
            transaction.hdel(keys.RECOVERED, digest(entry))
            await transaction.execute()

    async def give_back(self) -> None:
        """Return what is unfinished to the head of the producer's list."""
        while await self._redis.lmove(self._processing, keys.TASKS, "LEFT", "RIGHT") is not None:
            pass
