"""Tells the other consumers that this one lives."""

from datetime import timedelta

from redis.asyncio import Redis

from wearon_common import keys


class Heartbeat:
    """A key that expires when its consumer no longer renews it."""

    def __init__(self, redis: Redis, consumer: str, lifetime: timedelta) -> None:
        self._redis = redis
        self._consumer = consumer
        self._lifetime = lifetime

    async def beat(self) -> None:
        """Be alive for another lifetime; also registers the consumer anew if Redis lost its data."""
        async with self._redis.pipeline(transaction=True) as transaction:
            transaction.sadd(keys.CONSUMERS, self._consumer)
            transaction.set(keys.heartbeat(self._consumer), "alive", ex=self._lifetime)
            await transaction.execute()

    async def stop(self) -> None:
        """Leave: the processing list must be empty by now, or another consumer takes it over at once."""
        await self._redis.delete(keys.heartbeat(self._consumer))
