from collections.abc import Awaitable, Callable

from prometheus_client import CollectorRegistry, Counter

from wearon_common.metrics.series import at_zero

_ACTIONS = ("heartbeat", "recovery", "sweep", "queues", "books")


class LoopMetrics:
    """Failures of what the consumer does again and again."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._errors = Counter(
            "wearon_consumer_errors_total", "Turns of the main loop that failed.", registry=registry
        )
        self._periodic_failures = at_zero(
            Counter(
                "wearon_periodic_failures_total",
                "Runs that failed of what is done beside the main loop.",
                ["action"],
                registry=registry,
            ),
            _ACTIONS,
        )

    def turn_failed(self) -> None:
        """Count an error that the main loop met."""
        self._errors.inc()

    def counting_failures(
        self, name: str, action: Callable[[], Awaitable[None]]
    ) -> Callable[[], Awaitable[None]]:
        """Give `action` as one that counts when it raises."""
        failures = self._periodic_failures.labels(name)

        async def counted() -> None:
            with failures.count_exceptions():
                await action()

        return counted
