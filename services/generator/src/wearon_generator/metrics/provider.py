import time
from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Counter, Histogram

from wearon_common.channel import Channel
from wearon_common.metrics.series import at_zero
from wearon_generator.failures import (
    GenerationFailure,
    ModerationBlocked,
    ProviderAnswerUseless,
    ProviderModelGone,
    ProviderOutcomeUnknown,
    ProviderQuotaExhausted,
    ProviderRefusesUs,
    ProviderRejected,
    ProviderThrottled,
    ProviderUnavailable,
    ProviderUnreachable,
)
from wearon_generator.pricing import Prices
from wearon_generator.provider import Usage

_OK = "ok"
_CANCELLED = "cancelled"
# Of two that fit, the first is the more exact.
_STATUSES: dict[type[GenerationFailure], str] = {
    ProviderThrottled: "throttled",
    ProviderUnreachable: "unreachable",
    ProviderUnavailable: "unavailable",
    ProviderAnswerUseless: "bad_answer",
    ProviderOutcomeUnknown: "timeout",
    ModerationBlocked: "moderation_blocked",
    ProviderQuotaExhausted: "quota",
    ProviderRefusesUs: "auth",
    ProviderModelGone: "model_gone",
    ProviderRejected: "bad_request",
}
# A call takes 20 to 40 s and is given up after 180 s.
_BUCKETS_S = (0.1, 0.5, 1, 2.5, 5, 10, 15, 20, 25, 30, 35, 40, 45, 60, 90, 120, 180)


class ProviderMetrics:
    """The calls to the provider, and what they cost."""

    def __init__(self, registry: CollectorRegistry, prices: Prices) -> None:
        self._prices = prices
        statuses = (_OK, *_STATUSES.values(), _CANCELLED)
        self._calls = at_zero(
            Counter("wearon_provider_calls_total", "Calls to the provider.", ["status"], registry=registry),
            statuses,
        )
        self._seconds = at_zero(
            Histogram(
                "wearon_provider_call_seconds",
                "Seconds that a call to the provider took.",
                ["status"],
                buckets=_BUCKETS_S,
                registry=registry,
            ),
            statuses,
        )
        self._tokens = at_zero(
            Counter("wearon_provider_tokens_total", "Tokens that were billed.", ["kind"], registry=registry),
            ("input_text", "input_image", "output"),
        )
        self._cost_usd = at_zero(
            Counter(
                "wearon_provider_cost_usd_total",
                "US dollars for the calls that were answered.",
                ["channel"],
                registry=registry,
            ),
            Channel,
        )

    @contextmanager
    def call(self) -> Iterator[None]:
        """Count the call that is made inside, and how it ends."""
        status, began_s = _CANCELLED, time.monotonic()
        try:
            yield
            status = _OK
        except GenerationFailure as failure:
            status = next(name for kind, name in _STATUSES.items() if isinstance(failure, kind))
            raise
        finally:
            self._calls.labels(status).inc()
            self._seconds.labels(status).observe(time.monotonic() - began_s)

    def billed(self, channel: Channel, usage: Usage) -> None:
        """Count what an answered call took."""
        self._tokens.labels("input_text").inc(usage.input_text_tokens)
        self._tokens.labels("input_image").inc(usage.input_image_tokens)
        self._tokens.labels("output").inc(usage.output_tokens)
        self._cost_usd.labels(channel).inc(float(self._prices.cost_usd(usage)))
