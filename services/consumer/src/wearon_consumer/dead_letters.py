"""Where entries end that can never become a generation."""

import json
from datetime import UTC, datetime

from redis.asyncio import Redis

from wearon_common import keys
from wearon_consumer.entry import digest


class DeadLetters:
    """A bounded list, newest first. A letter is a JSON object: `reason`, `detail`, `buried_at`, `entry`."""

    def __init__(self, redis: Redis, consumer: str, kept: int) -> None:
        self._redis = redis
        self._processing = keys.processing(consumer)
        self._kept = kept

    async def bury(self, entry: bytes, reason: str, detail: str) -> None:
        """Move an entry from this consumer's processing list to the dead letters, in one step."""
        letter = {
            "reason": reason,
            "detail": detail,
            "buried_at": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "entry": entry.decode(errors="backslashreplace"),
        }
        async with self._redis.pipeline(transaction=True) as transaction:
            transaction.lpush(keys.DEAD_LETTERS, json.dumps(letter))
            transaction.ltrim(keys.DEAD_LETTERS, 0, self._kept - 1)
            transaction.lrem(self._processing, 1, entry)  # type: ignore[arg-type] # bytes are fine
            transaction.hdel(keys.RECOVERED, digest(entry))
            await transaction.execute()
