"""Between the producer's list and Celery's: whose task is next, and how many may wait for a generator."""

from collections.abc import Sequence
from dataclasses import dataclass

from redis.asyncio import Redis

from wearon_common import keys
from wearon_common.channel import Channel

# Self-clocked fair queueing (Golestani 1994) with tasks of one size: each owner's tasks get turns one apart,
# and the first of an owner who had none waiting gets the turn that is served now.
#
# KEYS: a processing list, the hash of recoveries, the producer's list; then for each channel its waiting
# tasks (sorted set: message → turn), its owners' last turns (sorted set: owner → turn) and its Celery queue
# (list of messages).
# ARGV: the most messages for a Celery queue to hold; then for each new task the position of its channel,
# its owner, its entry in the processing list and its message.
# Puts the new tasks in line, or straight into a Celery queue that has room while nobody waits; forgets their
# entries; fills the Celery queues up. Gives how many still wait, and how many are in the producer's list.
#
# A message is kept behind its time of arrival, so that within a turn first come is first served.
_ARRIVAL_DIGITS = 20
_ADMIT = """
local time = redis.call('TIME')
local is_recovering = redis.call('EXISTS', KEYS[2]) == 1

for i = 2, #ARGV, 4 do
    local first_key, owner, entry, message = 3 * ARGV[i] + 1, ARGV[i + 1], ARGV[i + 2], ARGV[i + 3]
    local waiting, turns, queue = KEYS[first_key], KEYS[first_key + 1], KEYS[first_key + 2]
    local now_served = redis.call('ZRANGE', waiting, 0, 0, 'WITHSCORES')[2]
    if now_served or redis.call('LLEN', queue) >= tonumber(ARGV[1]) then
        local turn = math.max(now_served or 0, (redis.call('ZSCORE', turns, owner) or -1) + 1)
        local arrival = string.format('%010d%06d%04d', time[1], time[2], (i - 2) / 4)
        redis.call('ZADD', waiting, turn, arrival .. message)
        redis.call('ZADD', turns, turn, owner)
    else
        redis.call('LPUSH', queue, message)
    end
    redis.call('LREM', KEYS[1], -1, entry)
    if is_recovering then redis.call('HDEL', KEYS[2], redis.sha1hex(entry)) end
end

local left = 0
for first_key = 4, #KEYS, 3 do
    local waiting, turns, queue = KEYS[first_key], KEYS[first_key + 1], KEYS[first_key + 2]
    local room = ARGV[1] - redis.call('LLEN', queue)
    if room > 0 then
        local served = redis.call('ZPOPMIN', waiting, room)
        for i = 1, #served, 2 do redis.call('LPUSH', queue, string.sub(served[i], 21)) end
    end
    local now_served = redis.call('ZRANGE', waiting, 0, 0, 'WITHSCORES')[2]
    redis.call('ZREMRANGEBYSCORE', turns, '-inf', now_served and '(' .. now_served or '+inf')
    left = left + redis.call('ZCARD', waiting)
end
return {left, redis.call('LLEN', KEYS[3])}
"""


@dataclass(frozen=True)
class Backlog:
    """How many tasks are in line for Celery's queues, and how many entries nobody has taken yet."""

    in_line: int = 0
    untaken: int = 0


@dataclass(frozen=True)
class Admission:
    """A task that is to wait for its turn."""

    channel: Channel
    owner_id: str
    entry: bytes  # as it lies in the processing list
    message: bytes  # as Celery's workers read it


class FairQueue:
    """Lets the owners of one channel take turns, and keeps Celery's own queues short.

    What is in a Celery queue can no longer be overtaken, so few tasks are there. The others wait here, in an
    order in which neither a store's thousands nor a user's dozens delay the next owner's first.
    """

    def __init__(self, redis: Redis, consumer: str, celery_queue_limit: int) -> None:
        self._admit = redis.register_script(_ADMIT)
        self._keys = [keys.processing(consumer), keys.RECOVERED, keys.TASKS]
        for channel in Channel:
            self._keys += [keys.waiting(channel), keys.turns(channel), channel.traits.queue]
        self._celery_queue_limit = celery_queue_limit

    async def admit(self, admissions: Sequence[Admission] = ()) -> Backlog:
        """Put tasks in line, forget their entries and let go whom Celery has room for, all in one step.

        Gives what is still to be done. Admitting twice is harmless: generators claim the session.
        """
        args: list[str | int | bytes] = [self._celery_queue_limit]
        for admission in admissions:
            args += [
                _POSITIONS[admission.channel],
                admission.owner_id,
                admission.entry,
                admission.message,
            ]
        return Backlog(*await self._admit(keys=self._keys, args=args))


_POSITIONS = {channel: position for position, channel in enumerate(Channel, start=1)}


def message_of(waiting: bytes) -> bytes:
    """Give the message in a member of the waiting tasks."""
    return waiting[_ARRIVAL_DIGITS:]
