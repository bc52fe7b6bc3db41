from dataclasses import dataclass

from prometheus_client import CollectorRegistry
from redis.exceptions import RedisError
from supabase import AsyncClient

from wearon_common.metrics.metered_sessions import MeteredSessions
from wearon_common.metrics.refunds import Refunds
from wearon_common.metrics.registry import new_registry
from wearon_common.metrics.retries import Retries
from wearon_common.metrics.supabase_calls import SupabaseCalls
from wearon_common.sessions import Sessions
from wearon_common.supabase_errors import SupabaseUnavailableError
from wearon_consumer.metrics.entries import EntryMetrics
from wearon_consumer.metrics.leader import BooksMetrics, SweepMetrics
from wearon_consumer.metrics.loops import LoopMetrics
from wearon_consumer.metrics.queues import QueueMetrics

_OPERATIONS = ("fail_and_refund", "stuck", "books")
_CAUSES = ("buried", "swept")


@dataclass(frozen=True)
class ConsumerMetrics:
    """Everything that the consumer counts."""

    registry: CollectorRegistry
    entries: EntryMetrics
    loops: LoopMetrics
    queues: QueueMetrics
    sweeps: SweepMetrics
    books: BooksMetrics
    refunds: Refunds
    retries: Retries
    supabase_calls: SupabaseCalls

    def sessions(self, client: AsyncClient, cause: str) -> Sessions:
        """Give sessions whose refunds count as due to `cause`."""
        return MeteredSessions(client, cause, self.refunds, self.entries.ages)


def make_metrics(release: str) -> ConsumerMetrics:
    """Make a registry and all that is in it."""
    registry = new_registry("wearon-consumer", release)
    return ConsumerMetrics(
        registry,
        EntryMetrics(registry),
        LoopMetrics(registry),
        QueueMetrics(registry),
        SweepMetrics(registry),
        BooksMetrics(registry),
        Refunds(registry, _CAUSES),
        Retries(registry, {SupabaseUnavailableError: "supabase", RedisError: "redis"}),
        SupabaseCalls(registry, _OPERATIONS),
    )
