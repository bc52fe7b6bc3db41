from wearon_generator.metrics.limiter import LimiterMetrics
from wearon_generator.rate_limiter import RateLimiter
from wearon_generator.slots import Slots
from wearon_generator.turns import Flow


class MeteredRateLimiter(RateLimiter):
    """A `RateLimiter` that counts its permits."""

    def __init__(self, slots: Slots, metrics: LimiterMetrics) -> None:
        super().__init__(slots)
        self._metrics = metrics

    async def acquire(self, flow: Flow) -> None:
        """See `RateLimiter`."""
        with self._metrics.waiting():
            await super().acquire(flow)
