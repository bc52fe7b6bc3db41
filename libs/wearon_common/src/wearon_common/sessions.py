"""Sessions live in SQL: a thin, typed face of the database functions in `infra/supabase/migrations`."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from pydantic import BaseModel, TypeAdapter
from supabase import AsyncClient

from wearon_common.channel import Channel
from wearon_common.supabase_errors import translate_supabase_errors
from wearon_common.task import GenerationTask

T = TypeVar("T")

_PAGE = 1_000  # rows that PostgREST gives at most, as Supabase sets it up


class Refusal(StrEnum):
    """Why a session could not be claimed: there is nothing to do for this task."""

    HELD = "held"
    ENDED = "ended"
    OWNER_MISMATCH = "owner_mismatch"
    UNKNOWN_SESSION = "unknown_session"


class Ending(StrEnum):
    """What `fail_and_refund` found and did."""

    REFUNDED = "refunded"
    NOT_CHARGED = "not_charged"
    OVERAGE = "overage"  # billed outside the credits: a person must look
    REFUND_FAILED = "refund_failed"  # the session ended, the money did not move: a person must settle it
    ALREADY_ENDED = "already_ended"
    HELD = "held"
    OWNER_MISMATCH = "owner_mismatch"
    UNKNOWN_SESSION = "unknown_session"


@dataclass(frozen=True)
class Attempt:
    """A held session. Whoever has this may renew, requeue, complete or fail it while the lease lasts."""

    channel: Channel
    session_id: UUID
    number: int


@dataclass(frozen=True)
class Result:
    """What a finished session records."""

    image_url: str
    input_tokens: int
    output_tokens: int
    cost_usd: Decimal
    processing_time: timedelta


@dataclass(frozen=True)
class StuckSession:
    """A live session past its grace period that nobody holds."""

    channel: Channel
    session_id: UUID
    request_id: str | None


class _Claimed(BaseModel):
    attempt: int
    refusal: None


class _NotClaimed(BaseModel):
    attempt: None
    refusal: Refusal


class _Imbalances(BaseModel):
    kind: str
    imbalances: int


_CLAIM = TypeAdapter(tuple[_Claimed | _NotClaimed])
_YES_OR_NO = TypeAdapter(bool)
_STUCK = TypeAdapter(list[StuckSession])
_ENDING = TypeAdapter(Ending)
_IMBALANCES = TypeAdapter(list[_Imbalances])


class Sessions:
    """Every change of a session is one transaction in the database.

    Each call raises `SupabaseUnavailableError` when trying again later makes sense and
    `SupabaseRefusedError` when it does not. All calls may be repeated after a lost answer.
    """

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def claim(self, task: GenerationTask, claim_id: UUID, lease: timedelta) -> Attempt | Refusal:
        """Take the task's session for one attempt, or learn why not.

        `claim_id` is the caller's own, new for each time it starts on a task.
        """
        session, owner = _as_uuid(task.session_id), _as_uuid(task.owner_id)
        if session is None:
            return Refusal.UNKNOWN_SESSION
        if owner is None:
            return Refusal.OWNER_MISMATCH
        [claim] = await self._call(
            "claim_generation",
            _CLAIM,
            p_channel=task.channel,
            p_session_id=str(session),
            p_owner_id=str(owner),
            p_task_id=task.task_id.replace("\0", ""),  # PostgreSQL's text cannot hold it
            p_request_id=task.trace_id,
            p_claim_id=str(claim_id),
            p_lease_seconds=lease.total_seconds(),
        )
        if isinstance(claim, _NotClaimed):
            return claim.refusal
        return Attempt(task.channel, session, claim.attempt)

    async def renew(self, attempt: Attempt, lease: timedelta) -> bool:
        """Extend the lease; False means that the session is no longer ours."""
        return await self._call(
            "renew_generation", _YES_OR_NO, **_key(attempt), p_lease_seconds=lease.total_seconds()
        )

    async def requeue(self, attempt: Attempt, message: str) -> bool:
        """Let go of the session so that it can be claimed again; the user sees `message` meanwhile."""
        return await self._call("requeue_generation", _YES_OR_NO, **_key(attempt), p_message=message)

    async def complete(self, attempt: Attempt, result: Result) -> bool:
        """End the session with its image; False means that it had ended otherwise."""
        return await self._call(
            "complete_generation",
            _YES_OR_NO,
            **_key(attempt),
            p_image_url=result.image_url,
            p_input_tokens=result.input_tokens,
            p_output_tokens=result.output_tokens,
            p_cost_usd=str(result.cost_usd),
            p_processing_ms=round(result.processing_time.total_seconds() * 1000),
        )

    async def fail_and_refund(self, attempt: Attempt, reason: str, message: str) -> Ending:
        """End a session that we hold as failed and give back what it was charged; the user sees `message`."""
        return await self._fail(**_key(attempt), p_owner_id=None, p_reason=reason, p_message=message)

    async def fail_and_refund_unheld(
        self, channel: Channel, session_id: str, owner_id: str | None, reason: str, message: str
    ) -> Ending:
        """Do the same for a session that nobody holds; a live one stays untouched (`Ending.HELD`)."""
        session = _as_uuid(session_id)
        if session is None:
            return Ending.UNKNOWN_SESSION
        owner = _as_uuid(owner_id) if owner_id is not None else None
        if owner_id is not None and owner is None:
            return Ending.OWNER_MISMATCH
        return await self._fail(
            p_channel=channel,
            p_session_id=str(session),
            p_attempt=None,
            p_owner_id=str(owner) if owner else None,
            p_reason=reason,
            p_message=message,
        )

    async def stuck(self, grace: timedelta) -> list[StuckSession]:
        """List live sessions older than `grace` that nobody holds."""
        found: list[StuckSession] = []
        while True:
            after = str(found[-1].session_id) if found else None
            page = await self._stuck_page(grace, after)
            found += page
            if len(page) < _PAGE:
                return found

    async def imbalances(self, window: timedelta, patience: timedelta) -> dict[str, int]:
        """Count by kind what is wrong with the money of sessions that ended within `window`.

        What is younger than `patience` may still be under way.
        """
        rows = await self._call(
            "generation_imbalances",
            _IMBALANCES,
            p_window_seconds=window.total_seconds(),
            p_patience_seconds=patience.total_seconds(),
        )
        return {row.kind: row.imbalances for row in rows}

    async def _stuck_page(self, grace: timedelta, after: str | None) -> list[StuckSession]:
        return await self._call(
            "stuck_generations", _STUCK, p_grace_seconds=grace.total_seconds(), p_after=after, p_limit=_PAGE
        )

    async def _fail(self, **arguments: object) -> Ending:
        return await self._call("fail_and_refund_generation", _ENDING, **arguments)

    async def _call(self, function: str, answer: TypeAdapter[T], **arguments: object) -> T:
        with translate_supabase_errors(function):
            return answer.validate_python((await self._client.rpc(function, arguments).execute()).data)


def _key(attempt: Attempt) -> dict[str, object]:
    return {
        "p_channel": attempt.channel,
        "p_session_id": str(attempt.session_id),
        "p_attempt": attempt.number,
    }


def _as_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
