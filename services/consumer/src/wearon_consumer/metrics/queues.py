from prometheus_client import CollectorRegistry, Gauge

from wearon_common.metrics.series import at_zero
from wearon_consumer.queue_states import QueueName, QueueStates


class QueueMetrics:
    """The queues as Redis has them: every consumer shows the same."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._entries = at_zero(
            Gauge(
                "wearon_queue_entries",
                "Entries in a queue. Alike at every consumer.",
                ["queue"],
                registry=registry,
            ),
            QueueName,
        )
        self._oldest = at_zero(
            Gauge(
                "wearon_queue_oldest_seconds",
                "Age of the next entry; unacked: since its delivery. Alike everywhere.",
                ["queue"],
                registry=registry,
            ),
            QueueName,
        )
        self._dead_letters = Gauge(
            "wearon_dead_letters_kept",
            "Letters in the list of dead letters. Alike everywhere.",
            registry=registry,
        )
        self._consumers = Gauge(
            "wearon_consumers_alive", "Consumers with a heartbeat. Alike everywhere.", registry=registry
        )
        self._paused_until = Gauge(
            "wearon_limiter_paused_until_timestamp_seconds",
            "Until when nobody calls the provider; 0 without a pause. Alike everywhere.",
            registry=registry,
        )
        self._read_at = Gauge(
            "wearon_queues_read_timestamp_seconds",
            "When this consumer last read the queues without an error.",
            registry=registry,
        )

    def read(self, states: QueueStates) -> None:
        """Show the numbers that Redis gave."""
        for name, state in states.queues.items():
            self._entries.labels(name).set(state.entries)
            self._oldest.labels(name).set(state.oldest_s)
        self._dead_letters.set(states.dead_letters)
        self._consumers.set(states.consumers_alive)
        self._paused_until.set(states.provider_paused_until_s)
        self._read_at.set_to_current_time()
