from collections.abc import Iterable
from datetime import UTC, datetime

from prometheus_client import CollectorRegistry, Histogram

from wearon_common.channel import Channel
from wearon_common.metrics.series import at_zero

# Fine around 45 s, within which 95 of 100 tasks should end, and around 60 s.
_BUCKETS_S = (
    *(0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50),
    *(60, 75, 90, 120, 180, 240, 300, 420, 600),
)
_OLDEST_S = 86_400.0  # a wrong clock at the producer must not spoil the sum


class TaskAges:
    """How old tasks are when they reach a step of their way."""

    def __init__(self, registry: CollectorRegistry, steps: Iterable[str]) -> None:
        self._seconds = at_zero(
            Histogram(
                "wearon_task_age_seconds",
                "Seconds since created_at at a step; called: at each provider call.",
                ["channel", "step"],
                buckets=_BUCKETS_S,
                registry=registry,
            ),
            Channel,
            steps,
        )

    def reached(self, step: str, channel: Channel, created_at: datetime) -> None:
        """Note a task that is at `step` now."""
        self._seconds.labels(channel, step).observe(age_s(created_at))


def age_s(created_at: datetime) -> float:
    """Tell how many seconds ago that was, between none and a day's."""
    return min(max((datetime.now(UTC) - created_at).total_seconds(), 0.0), _OLDEST_S)
