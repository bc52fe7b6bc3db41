import time
from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from wearon_generator.failures import ProviderUnavailable

_BUCKETS_S = (0.05, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300)


class LimiterMetrics:
    """The permits to call the provider."""

    def __init__(self, registry: CollectorRegistry, permits_per_minute: int) -> None:
        self._permits = Counter(
            "wearon_limiter_permits_total", "Permits that were given out.", registry=registry
        )
        self._refusals = Counter(
            "wearon_limiter_refusals_total", "Calls that got no permit.", registry=registry
        )
        self._waiting = Gauge("wearon_limiter_waiting", "Calls that wait for a permit.", registry=registry)
        self._wait_seconds = Histogram(
            "wearon_limiter_wait_seconds",
            "Seconds that a call waited for its permit.",
            buckets=_BUCKETS_S,
            registry=registry,
        )
        Gauge(
            "wearon_limiter_rate_limit", "Permits a minute for all generators together.", registry=registry
        ).set(permits_per_minute)

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Count a call that waits inside, and whether it gets its permit."""
        began_s = time.monotonic()
        with self._waiting.track_inprogress():
            try:
                yield
            except ProviderUnavailable:
                self._refusals.inc()
                raise
        self._permits.inc()
        self._wait_seconds.observe(time.monotonic() - began_s)
