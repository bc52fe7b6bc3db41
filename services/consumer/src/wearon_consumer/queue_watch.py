from redis.asyncio import Redis

from wearon_consumer.metrics.queues import QueueMetrics
from wearon_consumer.queue_states import read_queue_states


class QueueWatch:
    """Keeps what /metrics shows of the queues up to date, so that a scrape waits for nobody."""

    def __init__(self, redis: Redis, metrics: QueueMetrics) -> None:
        self._redis = redis
        self._metrics = metrics

    async def look(self) -> None:
        """Look once."""
        self._metrics.read(await read_queue_states(self._redis))
