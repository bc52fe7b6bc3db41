from prometheus_client import CollectorRegistry, Counter

from wearon_common.channel import Channel
from wearon_common.metrics.series import at_zero
from wearon_common.metrics.task_ages import TaskAges
from wearon_common.task import GenerationTask

_REASONS = ("invalid_task", "recovered_too_often")


class EntryMetrics:
    """What becomes of the entries of the producer's list."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.ages = TaskAges(registry, ["dispatched"])
        self._dispatched = at_zero(
            Counter(
                "wearon_tasks_dispatched_total",
                "Tasks put in line for a generator.",
                ["channel"],
                registry=registry,
            ),
            Channel,
        )
        self._dead_letters = at_zero(
            Counter("wearon_dead_letters_total", "Entries that were buried.", ["reason"], registry=registry),
            _REASONS,
        )
        self._recovered = Counter(
            "wearon_entries_recovered_total", "Entries taken over from dead consumers.", registry=registry
        )

    def dispatched(self, task: GenerationTask) -> None:
        """Count a task that is in line."""
        self._dispatched.labels(task.channel).inc()
        self.ages.reached("dispatched", task.channel, task.created_at)

    def buried(self, reason: str) -> None:
        """Count an entry that is among the dead letters."""
        self._dead_letters.labels(reason).inc()

    def recovered(self) -> None:
        """Count an entry that was taken over from a dead consumer."""
        self._recovered.inc()
