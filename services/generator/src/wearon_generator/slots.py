"""One rate for all replicas: the generic cell rate algorithm, kept by Redis on Redis' own clock."""

import asyncio
import math
from datetime import timedelta

import stamina
from redis.asyncio import Redis
from redis.exceptions import RedisError

from wearon_common import keys
from wearon_generator.failures import ProviderUnavailable

# KEYS: next free slot, paused until. ARGV in µs: between slots, lateness that is made up for, longest wait,
# length of the easing in after a pause.
# Takes the next free slot. Gives the µs until it, or -1 when it is too far away and was not taken; and until
# when there is, or was, a pause.
_TAKE_SLOT = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local spacing, lateness, longest_wait, easing = unpack(ARGV)
local free = tonumber(redis.call('GET', KEYS[1]) or 0)
local paused_until = tonumber(redis.call('GET', KEYS[2]) or 0)
if free > now + longest_wait + 4 * spacing then free = now end -- nobody took that: Redis' clock was set back
local slot = math.max(now - lateness, free, paused_until)
if slot - now > tonumber(longest_wait) then return {-1, paused_until} end
local eased = math.min(1, (slot - paused_until) / easing)
local next_slot = slot + spacing * (4 - 3 * eased)
local lifetime_ms = math.ceil((next_slot - now) / 1000) + 1000
redis.call('SET', KEYS[1], string.format('%.0f', next_slot), 'PX', lifetime_ms)
return {math.max(0, slot - now), string.format('%.0f', paused_until)}
"""

# KEYS: paused until. ARGV in µs: length of the pause, length of the easing in after it.
# A shorter pause never cuts a longer one.
_PAUSE = """
local time = redis.call('TIME')
local ends = time[1] * 1000000 + time[2] + ARGV[1]
if ends > tonumber(redis.call('GET', KEYS[1]) or 0) then
    redis.call('SET', KEYS[1], string.format('%.0f', ends), 'PX', math.ceil((ARGV[1] + ARGV[2]) / 1000))
end
"""

# Any minute holds at most 60.2 s / (60 s / (0.975 * rate)) + 1 slots. What that leaves of the limit, 1.1 s at
# 300 a minute, is for calls that reach the provider later than others after their slots.
_USED_SHARE = 0.975
_LATENESS_MADE_UP = timedelta(seconds=0.2)

_EASING = timedelta(seconds=15)  # after a pause: from a quarter of the rate to the whole


class Slots:
    """The moments at which a call may start, evenly spaced, shared by every generator on one Redis.

    Without Redis nobody calls: waiting is safe, flooding is not.
    """

    def __init__(self, redis: Redis, per_minute: int, longest_wait: timedelta) -> None:
        self._redis = redis
        spacing = timedelta(minutes=1) / (per_minute * _USED_SHARE)
        self._times_us = [*map(_microseconds, (spacing, _LATENESS_MADE_UP, longest_wait, _EASING))]
        self._take_slot = redis.register_script(_TAKE_SLOT)
        self._pause = redis.register_script(_PAUSE)

    async def wait_for_next(self) -> None:
        """Take the next slot and wait until it comes.

        Raises `ProviderUnavailable` when it would come too late, or Redis stays away.
        """
        try:
            wait_us, pause = await self._take()
            while wait_us > 0:
                await asyncio.sleep(wait_us / _microseconds(timedelta(seconds=1)))
                if await self._last_pause() <= pause:
                    return
                wait_us, pause = await self._take()
        except (RedisError, OSError) as error:
            raise ProviderUnavailable(f"rate limiter: {type(error).__name__}") from error

    async def pause(self, length: timedelta) -> None:
        """Let no slot come for `length`, then fewer for a while."""
        try:
            await self._pause(
                keys=[keys.PROVIDER_PAUSED_UNTIL], args=[_microseconds(length), _microseconds(_EASING)]
            )
        except (RedisError, OSError) as error:
            raise ProviderUnavailable(f"rate limiter: {type(error).__name__}") from error

    @stamina.retry(on=(RedisError, OSError), attempts=None, timeout=60, wait_max=5)
    async def _take(self) -> tuple[int, int]:
        wait_us, pause = await self._take_slot(
            keys=[keys.PROVIDER_NEXT_SLOT, keys.PROVIDER_PAUSED_UNTIL], args=self._times_us
        )
        if wait_us < 0:
            raise ProviderUnavailable("the provider's pause is longer than a generation may take")
        return wait_us, int(pause)

    async def _last_pause(self) -> int:
        return int(await self._redis.get(keys.PROVIDER_PAUSED_UNTIL) or 0)


def _microseconds(length: timedelta) -> int:
    return math.ceil(length / timedelta(microseconds=1))
