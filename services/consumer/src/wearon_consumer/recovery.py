"""Takes over what dead consumers left in their processing lists."""

import time
from datetime import timedelta
from typing import cast

import structlog
from redis.asyncio import Redis

from wearon_common import keys
from wearon_consumer.dispatcher import Dispatcher
from wearon_consumer.entry import entry_context, named_session
from wearon_consumer.metrics.entries import EntryMetrics

# A consumer that took an entry before it was in the set of consumers, and died, is rare, and the look for it
# passes every key of the Redis.
_LOOK_FOR_UNKNOWN_EVERY = timedelta(minutes=1)
_SCANNED_AT_ONCE = 1_000  # keys
_RECOVERIES_ALLOWED = 2  # an entry that outlives three consumers is probably what kills them

# KEYS: the dead consumer's list, our own list, the producer's list, the hash of recoveries (digest → count).
# ARGV: how many recoveries are allowed. Gives nothing when the list is empty, else {count, entry}: the entry
# now lies at the head of the producer's list, or in our own list when it has been recovered too often.
_TAKE_OVER = """
local entry = redis.call('LINDEX', KEYS[1], -1)
if not entry then return nil end
local count = redis.call('HINCRBY', KEYS[4], redis.sha1hex(entry), 1)
if count > tonumber(ARGV[1]) then
    redis.call('LMOVE', KEYS[1], KEYS[2], 'RIGHT', 'LEFT')
else
    redis.call('LMOVE', KEYS[1], KEYS[3], 'RIGHT', 'RIGHT')
end
return {count, entry}
"""

# KEYS: our own list, the hash of recoveries. ARGV: how many recoveries are allowed.
# Gives {count, entry} for each entry of ours that has been recovered more often.
_OUTLIVED = """
local found = {}
if redis.call('EXISTS', KEYS[2]) == 0 then return found end
for _, entry in ipairs(redis.call('LRANGE', KEYS[1], 0, -1)) do
    local count = tonumber(redis.call('HGET', KEYS[2], redis.sha1hex(entry)) or 0)
    if count > tonumber(ARGV[1]) then found[#found + 1] = {count, entry} end
end
return found
"""

# KEYS: the set of consumers, a heartbeat, a processing list. ARGV: the consumer. One that woke up stays.
_FORGET = """
if redis.call('EXISTS', KEYS[2], KEYS[3]) == 0 then redis.call('SREM', KEYS[1], ARGV[1]) end
"""

log = structlog.get_logger()


class Recovery:
    """Any consumer may run it, any number at once: each entry moves once."""

    def __init__(self, redis: Redis, consumer: str, dispatcher: Dispatcher, metrics: EntryMetrics) -> None:
        self._redis = redis
        self._consumer = consumer
        self._dispatcher = dispatcher
        self._metrics = metrics
        self._take_over = redis.register_script(_TAKE_OVER)
        self._outlived = redis.register_script(_OUTLIVED)
        self._forget_if_empty = redis.register_script(_FORGET)
        self._next_look_s = time.monotonic()

    async def recover(self) -> None:
        """Empty the processing list of every consumer whose heartbeat has gone, known or not.

        What has been recovered too often is buried. When that raises, or an answer is lost, the entry stays
        in our own list, where the next round finds it.
        """
        if time.monotonic() >= self._next_look_s:
            self._next_look_s = time.monotonic() + _LOOK_FOR_UNKNOWN_EVERY.total_seconds()
            await self._make_known()
        for name in await self._redis.smembers(keys.CONSUMERS):
            consumer = cast("bytes", name).decode()
            if consumer != self._consumer and not await self._redis.exists(keys.heartbeat(consumer)):
                await self._recover_from(consumer)
        await self._bury_outlived()

    async def _make_known(self) -> None:
        """Add the owner of every processing list to the set of consumers."""
        prefix = keys.processing("")
        async for key in self._redis.scan_iter(match=f"{prefix}*", count=_SCANNED_AT_ONCE):
            await self._redis.sadd(keys.CONSUMERS, cast("bytes", key).decode().removeprefix(prefix))

    async def _recover_from(self, dead: str) -> None:
        while await self._take_one(dead):
            pass
        await self._forget(dead)

    async def _take_one(self, dead: str) -> bool:
        lists = [keys.processing(dead), keys.processing(self._consumer), keys.TASKS, keys.RECOVERED]
        taken = await self._take_over(keys=lists, args=[_RECOVERIES_ALLOWED])
        if taken is None:
            return False
        count, entry = taken
        self._metrics.recovered()
        with entry_context(named_session(entry)):
            log.warning("task_recovered", consumer=dead, recoveries=count)
        return True

    async def _bury_outlived(self) -> None:
        lists = [keys.processing(self._consumer), keys.RECOVERED]
        for count, entry in await self._outlived(keys=lists, args=[_RECOVERIES_ALLOWED]):
            await self._dispatcher.bury(entry, "recovered_too_often", f"outlived {count} consumers")

    async def _forget(self, dead: str) -> None:
        names = [keys.CONSUMERS, keys.heartbeat(dead), keys.processing(dead)]
        await self._forget_if_empty(keys=names, args=[dead])
