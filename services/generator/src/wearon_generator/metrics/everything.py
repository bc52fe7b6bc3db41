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
from wearon_generator.failures import ProviderOutcomeUnknown, ProviderUnavailable
from wearon_generator.metrics.limiter import LimiterMetrics
from wearon_generator.metrics.provider import ProviderMetrics
from wearon_generator.metrics.tasks import TaskMetrics
from wearon_generator.pricing import Prices
from wearon_generator.settings import GeneratorSettings

_OPERATIONS = ("claim", "renew", "requeue", "complete", "fail_and_refund", "upload", "sign")
_CAUSE = "failed"
_DEPENDENCIES: dict[type[Exception], str] = {
    ProviderUnavailable: "provider",
    ProviderOutcomeUnknown: "provider_outcome_unknown",
    SupabaseUnavailableError: "supabase",
    RedisError: "redis",
}


@dataclass(frozen=True)
class GeneratorMetrics:
    """Everything that the generator counts."""

    registry: CollectorRegistry
    tasks: TaskMetrics
    provider: ProviderMetrics
    limiter: LimiterMetrics
    refunds: Refunds
    retries: Retries
    supabase_calls: SupabaseCalls

    def sessions(self, client: AsyncClient) -> Sessions:
        """Give sessions whose claims and refunds count."""
        return MeteredSessions(client, _CAUSE, self.refunds, self.tasks.ages)


def make_metrics(settings: GeneratorSettings, prices: Prices) -> GeneratorMetrics:
    """Make a registry and all that is in it."""
    registry = new_registry("wearon-generator", settings.release)
    return GeneratorMetrics(
        registry,
        TaskMetrics(registry, settings.worker_concurrency),
        ProviderMetrics(registry, prices),
        LimiterMetrics(registry, settings.openai_requests_per_minute),
        Refunds(registry, [_CAUSE]),
        Retries(registry, _DEPENDENCIES),
        SupabaseCalls(registry, _OPERATIONS),
    )
