"""The way of one task through the generator: claim, generate, end."""

import asyncio
import uuid
from dataclasses import dataclass
from datetime import timedelta

import stamina
import structlog

from wearon_common.sessions import Attempt, Ending, Refusal, Result, Sessions
from wearon_common.supabase_errors import SupabaseError, SupabaseUnavailableError
from wearon_common.task import GenerationTask
from wearon_generator.failures import (
    DeadlineExceeded,
    GenerationFailure,
    ProviderThrottled,
    ResultNotStored,
    TooManyAttempts,
)
from wearon_generator.generation import Generation
from wearon_generator.lease import LeaseKeeper, LeaseLost
from wearon_generator.outcome import LeftBecause, Outcome, TryAgain

_MOST_ATTEMPTS = 3
_CLAIM_AGAIN_AFTER = timedelta(seconds=5)
_WAITING_MESSAGE = "We are very busy right now. Your image will start again in a few seconds."

log = structlog.get_logger()


@dataclass(frozen=True)
class Limits:
    """How long things may take."""

    lease: timedelta
    deadline: timedelta
    throttle_delay: timedelta


class Pipeline:
    """Brings a session to its end, or leaves it to whoever holds it."""

    def __init__(self, sessions: Sessions, generation: Generation, limits: Limits) -> None:
        self._sessions = sessions
        self._generation = generation
        self._limits = limits
        self._keeper = LeaseKeeper(sessions, limits.lease)

    async def run(self, task: GenerationTask, *, throttled_before: bool) -> Outcome:
        """Do what is to be done for a task, and tell what became of it."""
        try:
            claim = await self._claim(task, uuid.uuid4())
        except SupabaseError as error:
            log.error("claim_failed", detail=str(error))  # noqa: TRY400 - the detail says it
            # By then a lease that we were given, though we never heard of it, has run out.
            again = TryAgain(self._limits.lease + _CLAIM_AGAIN_AFTER, throttled_before)
            return Outcome.retried("claim_failed", again)
        if isinstance(claim, Refusal):
            log.info("claim_refused", reason=claim)
            return Outcome.skipped(claim)
        log.info("generation_claimed", attempt=claim.number)
        return await self._bring_to_an_end(task, claim, throttled_before=throttled_before)

    async def _bring_to_an_end(
        self, task: GenerationTask, claim: Attempt, *, throttled_before: bool
    ) -> Outcome:
        try:
            return await self._keeper.run_while_held(claim, self._generate_in_time(task, claim))
        except LeaseLost:
            log.warning("lease_lost", attempt=claim.number)
            return Outcome.left(LeftBecause.LEASE_LOST)
        except ProviderThrottled as failure:
            if throttled_before:
                return await self._fail(claim, failure)
            return await self._requeue(claim, failure)
        except GenerationFailure as failure:
            return await self._fail(claim, failure)
        except Exception as error:  # a bug of ours must not cost the shopper a credit
            log.exception("generation_broke", error=type(error).__name__)
            return await self._fail(claim, GenerationFailure(type(error).__name__))

    async def _generate_in_time(self, task: GenerationTask, claim: Attempt) -> Outcome:
        if claim.number > _MOST_ATTEMPTS:
            raise TooManyAttempts
        deadline = asyncio.timeout(self._limits.deadline.total_seconds())
        try:
            async with deadline:
                return await self._complete(claim, await self._generation.run(task))
        except TimeoutError:
            if deadline.expired():
                raise DeadlineExceeded from None
            raise

    async def _complete(self, claim: Attempt, result: Result) -> Outcome:
        try:
            completed = await self._end_as_completed(claim, result)
        except SupabaseError as error:
            raise ResultNotStored(str(error)) from error
        if completed:
            log.info("generation_completed", attempt=claim.number, cost_usd=str(result.cost_usd))
            return Outcome.completed()
        log.warning("generation_came_too_late", attempt=claim.number)
        return Outcome.left(LeftBecause.CAME_TOO_LATE)

    async def _requeue(self, claim: Attempt, failure: ProviderThrottled) -> Outcome:
        delay = failure.wait or self._limits.throttle_delay
        try:
            requeued = await self._give_back(claim)
        except SupabaseError as error:
            log.warning("requeue_failed", detail=str(error))
            return await self._fail(claim, failure)
        if not requeued:
            log.warning("lease_lost", attempt=claim.number)
            return Outcome.left(LeftBecause.LEASE_LOST)
        log.warning("generation_requeued", attempt=claim.number, delay_s=delay.total_seconds())
        return Outcome.retried("throttled", TryAgain(delay, throttled=True))

    async def _fail(self, claim: Attempt, failure: GenerationFailure) -> Outcome:
        try:
            ending = await self._end_as_failed(claim, failure)
        except SupabaseError as error:  # the lease runs out and the sweeper ends the session
            log.error("generation_not_ended", reason=failure.reason, detail=str(error))  # noqa: TRY400 - expected
            return Outcome.left(LeftBecause.NOT_ENDED)
        needs_a_person = failure.needs_a_person or ending in {Ending.OVERAGE, Ending.REFUND_FAILED}
        report = log.error if needs_a_person else log.warning
        report(
            "generation_failed",
            attempt=claim.number,
            reason=failure.reason,
            detail=str(failure),
            ending=ending,
        )
        return Outcome.failed(failure.reason)

    @stamina.retry(on=SupabaseUnavailableError, attempts=5, timeout=30, wait_initial=0.5)
    async def _claim(self, task: GenerationTask, claim_id: uuid.UUID) -> Attempt | Refusal:
        return await self._sessions.claim(task, claim_id, self._limits.lease)

    @stamina.retry(on=SupabaseUnavailableError, attempts=None, timeout=60, wait_initial=0.5)
    async def _end_as_completed(self, claim: Attempt, result: Result) -> bool:
        return await self._sessions.complete(claim, result)

    @stamina.retry(on=SupabaseUnavailableError, attempts=None, timeout=60, wait_initial=0.5)
    async def _end_as_failed(self, claim: Attempt, failure: GenerationFailure) -> Ending:
        return await self._sessions.fail_and_refund(claim, failure.reason, failure.message)

    @stamina.retry(on=SupabaseUnavailableError, attempts=None, timeout=60, wait_initial=0.5)
    async def _give_back(self, claim: Attempt) -> bool:
        return await self._sessions.requeue(claim, _WAITING_MESSAGE)
