"""A provider that waits its turn and repeats what may be repeated."""

from datetime import timedelta

import stamina
import structlog

from wearon_common.metrics.retries import Retries
from wearon_generator.failures import (
    ProviderOutcomeUnknown,
    ProviderThrottled,
    ProviderUnavailable,
)
from wearon_generator.provider import EditRequest, GeneratedImage, ImageProvider
from wearon_generator.rate_limiter import RateLimiter

_FIRST_BACKOFF_S = 1
_LONGEST_BACKOFF_S = 20

log = structlog.get_logger()


class PacedProvider:
    """An `ImageProvider` whose every call has a permit.

    A call that the provider could not serve is repeated up to `max_retries` times with growing pauses; one
    whose outcome is unknown, once; one that was throttled, never: `max_retries` + 2 calls at most, in
    whichever order they fail. What slows one replica slows them all.
    """

    def __init__(
        self,
        provider: ImageProvider,
        limiter: RateLimiter,
        retries: Retries,
        max_retries: int,
        throttle_delay: timedelta,
    ) -> None:
        self._provider = provider
        self._limiter = limiter
        self._retries = retries
        self._attempts = max_retries + 1
        self._throttle_delay = throttle_delay

    async def edit(self, request: EditRequest) -> GeneratedImage:
        """Make the image; raises the last `GenerationFailure`."""
        may_be_unknown_once = True
        async for attempt in stamina.retry_context(
            on=_may_be_repeated,
            attempts=self._attempts,
            timeout=None,
            wait_initial=_FIRST_BACKOFF_S,
            wait_max=_LONGEST_BACKOFF_S,
        ):
            with attempt:
                try:
                    return await self._edit_once(request)
                except ProviderOutcomeUnknown as failure:
                    if not may_be_unknown_once:
                        raise
                    may_be_unknown_once = False
                    return await self._edit_again(request, failure)
        raise AssertionError  # stamina raises the last failure itself

    async def _edit_again(self, request: EditRequest, failure: ProviderOutcomeUnknown) -> GeneratedImage:
        log.warning("provider_call_repeated", reason=failure.reason, detail=str(failure))
        self._retries.repeated_after(failure)
        return await self._edit_once(request)

    async def _edit_once(self, request: EditRequest) -> GeneratedImage:
        await self._limiter.acquire(request.flow)
        try:
            return await self._provider.edit(request)
        except ProviderThrottled as failure:
            await self._limiter.pause(failure.wait or self._throttle_delay)
            raise
        except ProviderUnavailable as failure:
            if failure.wait:
                await self._limiter.pause(failure.wait)
            raise


def _may_be_repeated(error: Exception) -> bool:
    return isinstance(error, ProviderUnavailable) and not isinstance(error, ProviderThrottled)
