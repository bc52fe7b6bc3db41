"""One rate for all replicas: the generic cell rate algorithm, kept by Redis on Redis' own clock."""

import asyncio
import math
from datetime import timedelta

import stamina
from redis.asyncio import Redis
from redis.exceptions import RedisError

from wearon_common import keys
from wearon_generator.failures import ProviderUnavailable

# KEYS: next free slot, paused until. ARGV: µs between slots, longest wait in µs.
# Takes the next free slot and gives the µs until it, or -1 when it is too far away and was not taken.
_TAKE_SLOT = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local free = tonumber(redis.call('GET', KEYS[1]) or 0)
local paused_until = tonumber(redis.call('GET', KEYS[2]) or 0)
local slot = math.max(now, free, paused_until)
if slot - now > tonumber(ARGV[2]) then return -1 end
local next_slot = slot + tonumber(ARGV[1])
redis.call('SET', KEYS[1], string.format('%.0f', next_slot), 'PX', math.ceil((next_slot - now) / 1000) + 1000)
return slot - now
"""

# KEYS: paused until. ARGV: length of the pause in µs. A shorter pause never cuts a longer one.
_PAUSE = """
local time = redis.call('TIME')
local ends = time[1] * 1000000 + time[2] + tonumber(ARGV[1])
if ends > tonumber(redis.call('GET', KEYS[1]) or 0) then
    redis.call('SET', KEYS[1], string.format('%.0f', ends), 'PX', math.ceil(tonumber(ARGV[1]) / 1000))
end
"""

# Calls reach the provider a little sooner or later than their permit: this keeps any minute within the limit.
_USED_SHARE = 0.98

_MICROSECONDS = 1_000_000


class RateLimiter:
    """Spaces provider calls evenly, first come, first served, across every generator on one Redis.

    Without Redis nobody calls: waiting is safe, flooding is not.
    """

    def __init__(self, redis: Redis, per_minute: int, longest_wait: timedelta) -> None:
        self._redis = redis
        self._spacing_us = math.ceil(60 * _MICROSECONDS / (per_minute * _USED_SHARE))
        self._longest_wait_us = round(longest_wait.total_seconds() * _MICROSECONDS)
        self._take_slot = redis.register_script(_TAKE_SLOT)
        self._pause = redis.register_script(_PAUSE)

    async def acquire(self) -> None:
        """Wait until one call may be made.

        Raises `ProviderUnavailable` when the turn would come too late, or Redis stays away.
        """
        try:
            while (wait_us := await self._slot()) > 0:
                await asyncio.sleep(wait_us / _MICROSECONDS)
                if not await self._redis.exists(keys.PROVIDER_PAUSED_UNTIL):
                    return
        except (RedisError, OSError) as error:
            raise ProviderUnavailable(f"rate limiter: {type(error).__name__}") from error

    async def pause(self, length: timedelta) -> None:
        """Let nobody start a call for `length`."""
        try:
            await self._pause(
                keys=[keys.PROVIDER_PAUSED_UNTIL],
                args=[round(length.total_seconds() * _MICROSECONDS)],
            )
        except (RedisError, OSError) as error:
            raise ProviderUnavailable(f"rate limiter: {type(error).__name__}") from error

    @stamina.retry(on=(RedisError, OSError), attempts=None, timeout=60, wait_max=5)
    async def _slot(self) -> int:
        wait_us = int(
            await self._take_slot(
                keys=[keys.PROVIDER_NEXT_SLOT, keys.PROVIDER_PAUSED_UNTIL],
                args=[self._spacing_us, self._longest_wait_us],
            )
        )
        if wait_us < 0:
            raise ProviderUnavailable("too many are waiting for the rate limiter")
        return wait_us
