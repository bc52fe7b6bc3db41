"""One consumer at a time does what needs to be done once."""

from datetime import timedelta

from redis.asyncio import Redis

# KEYS: the leader's name. ARGV: our name, lifetime in ms. Gives 1 when we lead.
_HOLD = """
local leader = redis.call('GET', KEYS[1])
if leader and leader ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
"""


# KEYS: the leader's name. ARGV: our name.
_RELEASE = "if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end"


class Leadership:
    """A lock in Redis that its holder renews by asking again; it passes on when the holder falls silent."""

    def __init__(self, redis: Redis, key: str, name: str, lifetime: timedelta) -> None:
        self._key = key
        self._name = name
        self._lifetime = lifetime
        self._hold = redis.register_script(_HOLD)
        self._release = redis.register_script(_RELEASE)

    async def hold(self) -> bool:
        """Become or stay the leader for another lifetime; False when somebody else is."""
        milliseconds = round(self._lifetime.total_seconds() * 1000)
        return bool(await self._hold(keys=[self._key], args=[self._name, milliseconds]))

    async def release(self) -> None:
        """Let somebody else lead at once."""
        await self._release(keys=[self._key], args=[self._name])
