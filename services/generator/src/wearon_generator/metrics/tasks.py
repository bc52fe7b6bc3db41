from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Counter, Gauge

from wearon_common.channel import Channel
from wearon_common.metrics.series import at_zero
from wearon_common.metrics.task_ages import TaskAges
from wearon_common.sessions import Refusal
from wearon_common.task import GenerationTask
from wearon_generator.failures import FAILURES
from wearon_generator.outcome import Fate, LeftBecause, Outcome

_ALWAYS = ("none",)
_REASONS: dict[Fate, tuple[str, ...]] = {
    Fate.COMPLETED: _ALWAYS,
    Fate.FAILED: tuple(sorted({failure.reason for failure in FAILURES})),
    Fate.SKIPPED: tuple(Refusal),
    Fate.RETRIED: ("throttled", "claim_failed"),
    Fate.LEFT: tuple(because for because in LeftBecause if because is not LeftBecause.NOT_UNDERSTOOD),
}
_NO_CHANNEL = "unknown"  # of a message that holds no task
_ENDS = frozenset({Fate.COMPLETED, Fate.FAILED})


class TaskMetrics:
    """What becomes of the tasks that are delivered to this generator."""

    def __init__(self, registry: CollectorRegistry, concurrency: int) -> None:
        self.ages = TaskAges(registry, ["claimed", "called", *sorted(_ENDS)])
        self._tasks = Counter(
            "wearon_tasks_total",
            "Deliveries of tasks that this generator is done with.",
            ["channel", "outcome", "reason"],
            registry=registry,
        )
        at_zero(self._tasks, [_NO_CHANNEL], [Fate.LEFT], [LeftBecause.NOT_UNDERSTOOD])
        for fate, reasons in _REASONS.items():
            at_zero(self._tasks, Channel, [fate], reasons)
        self._in_progress = at_zero(
            Gauge("wearon_tasks_in_progress", "Deliveries in hand.", ["channel"], registry=registry), Channel
        )
        Gauge("wearon_worker_concurrency", "The most deliveries in hand at once.", registry=registry).set(
            concurrency
        )

    @contextmanager
    def in_progress(self, channel: Channel) -> Iterator[None]:
        """Count a delivery as in hand while inside."""
        with self._in_progress.labels(channel).track_inprogress():
            yield

    def delivered(self, task: GenerationTask, outcome: Outcome) -> None:
        """Count a delivery that has come to its end."""
        self._tasks.labels(task.channel, outcome.fate, outcome.reason).inc()
        if outcome.fate in _ENDS:
            self.ages.reached(outcome.fate, task.channel, task.created_at)

    def not_understood(self) -> None:
        """Count a message that holds no task."""
        self._tasks.labels(_NO_CHANNEL, Fate.LEFT, LeftBecause.NOT_UNDERSTOOD).inc()
