"""What only the leading consumer knows; the others show 0, so that `max()` over all is the truth."""

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge

from wearon_common.channel import Channel
from wearon_common.metrics.series import at_zero
from wearon_common.sessions import Ending

_ENDED_HERE = frozenset({Ending.REFUNDED, Ending.NOT_CHARGED, Ending.OVERAGE, Ending.REFUND_FAILED})
IMBALANCES = ("refund_failed", "refund_missing", "refund_in_excess", "lease_ran_out", "overage_to_review")
"""The kinds that the database function `generation_imbalances` gives."""


class SweepMetrics:
    """What the sweeper finds and does."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._leads = Gauge(
            "wearon_sweeper_leader", "1 at the consumer that sweeps, 0 at the others.", registry=registry
        )
        self._stuck = Gauge(
            "wearon_sessions_stuck",
            "Live sessions past the grace period that nobody holds; they may wait in a queue. Leader only.",
            registry=registry,
        )
        self._swept_at = Gauge(
            "wearon_swept_timestamp_seconds",
            "When a sweep last ended without an error. Leader only.",
            registry=registry,
        )
        self._swept = at_zero(
            Counter(
                "wearon_sessions_swept_total",
                "Lost sessions that the sweeper ended.",
                ["channel"],
                registry=registry,
            ),
            Channel,
        )

    def follows(self) -> None:
        """Show nothing: another consumer sweeps."""
        for gauge in (self._leads, self._stuck, self._swept_at):
            gauge.set(0)

    def found(self, stuck: int) -> None:
        """Note that we lead, and how many sessions nobody holds."""
        self._leads.set(1)
        self._stuck.set(stuck)

    def ended(self, channel: Channel, ending: Ending) -> None:
        """Count a lost session, if it was us who ended it."""
        if ending in _ENDED_HERE:
            self._swept.labels(channel).inc()

    def swept(self) -> None:
        """Note that a sweep is done."""
        self._swept_at.set_to_current_time()


class BooksMetrics:
    """What is wrong with the money of recent sessions."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._imbalances = at_zero(
            Gauge(
                "wearon_books_imbalances",
                "What is wrong with the money of sessions of the last 24 hours. Leader only.",
                ["kind"],
                registry=registry,
            ),
            IMBALANCES,
        )
        self._checked_at = Gauge(
            "wearon_books_checked_timestamp_seconds",
            "When the books were last checked without an error. Leader only.",
            registry=registry,
        )

    def follows(self) -> None:
        """Show nothing: another consumer checks."""
        for kind in IMBALANCES:
            self._imbalances.labels(kind).set(0)
        self._checked_at.set(0)

    def checked(self, imbalances: Mapping[str, int]) -> None:
        """Show the numbers that the database gave."""
        for kind in IMBALANCES:
            self._imbalances.labels(kind).set(imbalances.get(kind, 0))
        self._checked_at.set_to_current_time()
