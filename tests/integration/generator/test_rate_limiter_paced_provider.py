"""What is repeated, how often, and that every call has its permit; a provider that fails as it is told."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import stamina
from prometheus_client import CollectorRegistry
from redis import Redis

from wearon_common import keys
from wearon_common.channel import Channel
from wearon_common.metrics.retries import Retries
from wearon_common.redis_client import connect_redis
from wearon_generator.failures import (
    GenerationFailure,
    ModerationBlocked,
    ProviderOutcomeUnknown,
    ProviderQuotaExhausted,
    ProviderThrottled,
    ProviderUnavailable,
)
from wearon_generator.paced_provider import PacedProvider
from wearon_generator.provider import EditRequest, GeneratedImage, Usage
from wearon_generator.rate_limiter import RateLimiter
from wearon_generator.slots import Slots

REQUEST = EditRequest((b"person",), "prompt", "req_1", "owner", (Channel.B2C, "owner"), datetime.now(UTC))
IMAGE = GeneratedImage(b"image", Usage(1, 2, 3), "req_2")
MAX_RETRIES = 3
EASING_MS = 15_000  # the pause is remembered for that long after its end


class FailingProvider:
    """Fails as told, then gives an image."""

    def __init__(self, *failures: GenerationFailure) -> None:
        self._failures = list(failures)
        self.calls = 0

    async def edit(self, request: EditRequest) -> GeneratedImage:  # noqa: ARG002 - any request
        self.calls += 1
        if self._failures:
            raise self._failures.pop(0)
        return IMAGE


@pytest.fixture(autouse=True)
def _no_backoff() -> Iterator[None]:
    with stamina.set_testing(testing=True, attempts=MAX_RETRIES + 1):
        yield


def edit(redis_url: str, provider: FailingProvider) -> GeneratedImage:
    async def run() -> GeneratedImage:
        async with connect_redis(redis_url) as redis:
            limiter = RateLimiter(Slots(redis, 60_000, timedelta(minutes=1)))
            paced = PacedProvider(
                provider, limiter, Retries(CollectorRegistry(), {}), MAX_RETRIES, timedelta(seconds=5)
            )
            return await paced.edit(REQUEST)

    return asyncio.run(run())


def unavailable(wait_s: float | None = None) -> ProviderUnavailable:
    return ProviderUnavailable("503", None if wait_s is None else timedelta(seconds=wait_s))


@pytest.mark.parametrize(
    ("failures", "calls"),
    [
        ([], 1),
        ([unavailable()], 2),
        ([unavailable()] * 3, 4),
        ([ProviderOutcomeUnknown("late")], 2),
        ([unavailable(), ProviderOutcomeUnknown("late"), unavailable()], 4),
    ],
)
def test_it_goes_on_until_there_is_an_image(
    redis_url: str, failures: list[GenerationFailure], calls: int
) -> None:
    provider = FailingProvider(*failures)
    assert edit(redis_url, provider) == IMAGE
    assert provider.calls == calls


@pytest.mark.parametrize(
    ("failures", "last", "calls"),
    [
        ([unavailable()] * 9, ProviderUnavailable, 4),
        ([ProviderOutcomeUnknown("late")] * 9, ProviderOutcomeUnknown, 2),
        ([ProviderOutcomeUnknown("late")] + [unavailable()] * 9, ProviderUnavailable, 5),
        (
            [unavailable()] * 3 + [ProviderOutcomeUnknown("late")] + [unavailable()] * 9,
            ProviderUnavailable,
            5,
        ),
        ([unavailable(), ProviderOutcomeUnknown("late")] * 9, ProviderOutcomeUnknown, 4),
        ([ProviderThrottled("429", timedelta(0))] * 9, ProviderThrottled, 1),
        ([ProviderQuotaExhausted("429")] * 9, ProviderQuotaExhausted, 1),
        ([ModerationBlocked("400")] * 9, ModerationBlocked, 1),
    ],
)
def test_it_gives_up_when_the_kind_of_failure_says_so(
    redis_url: str, failures: list[GenerationFailure], last: type[GenerationFailure], calls: int
) -> None:
    provider = FailingProvider(*failures)
    with pytest.raises(last):
        edit(redis_url, provider)
    assert provider.calls == calls


@pytest.mark.parametrize(
    ("failure", "longest_s"),
    [
        (ProviderThrottled("429", timedelta(seconds=30)), 30),
        (ProviderThrottled("429"), 5),
    ],
)
def test_what_throttles_one_replica_pauses_them_all(
    redis_url: str, failure: ProviderThrottled, longest_s: float
) -> None:
    with pytest.raises(ProviderThrottled):
        edit(redis_url, FailingProvider(failure))
    with Redis.from_url(redis_url) as redis:
        pause_ms = redis.pttl(keys.PROVIDER_PAUSED_UNTIL) - EASING_MS
    assert isinstance(pause_ms, int)
    assert (longest_s - 5) * 1000 < pause_ms <= longest_s * 1000


def test_an_overloaded_provider_that_names_a_wait_is_given_it(redis_url: str) -> None:
    provider = FailingProvider(unavailable(wait_s=0.3))
    assert edit(redis_url, provider) == IMAGE
    assert provider.calls == 2
