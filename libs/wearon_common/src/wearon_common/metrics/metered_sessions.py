from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

from supabase import AsyncClient

from wearon_common.channel import Channel
from wearon_common.metrics.refunds import Refunds
from wearon_common.metrics.task_ages import TaskAges
from wearon_common.sessions import Attempt, Ending, Refusal, Sessions
from wearon_common.supabase_errors import SupabaseError
from wearon_common.task import GenerationTask


class MeteredSessions(Sessions):
    """Sessions that note how old a task is when it is claimed, and what becomes of every charge.

    `cause` is why sessions are ended as failed through this one.
    """

    def __init__(self, client: AsyncClient, cause: str, refunds: Refunds, ages: TaskAges) -> None:
        super().__init__(client)
        self._cause = cause
        self._refunds = refunds
        self._ages = ages

    async def claim(self, task: GenerationTask, claim_id: UUID, lease: timedelta) -> Attempt | Refusal:
        """See `Sessions`."""
        claim = await super().claim(task, claim_id, lease)
        if isinstance(claim, Attempt):
            self._ages.reached("claimed", task.channel, task.created_at)
        return claim

    async def fail_and_refund(self, attempt: Attempt, reason: str, message: str) -> Ending:
        """See `Sessions`."""
        with self._unless_recorded(attempt.channel):
            ending = await super().fail_and_refund(attempt, reason, message)
        self._refunds.ended(attempt.channel, self._cause, ending)
        return ending

    async def fail_and_refund_unheld(
        self, channel: Channel, session_id: str, owner_id: str | None, reason: str, message: str
    ) -> Ending:
        """See `Sessions`."""
        with self._unless_recorded(channel):
            ending = await super().fail_and_refund_unheld(channel, session_id, owner_id, reason, message)
        self._refunds.ended(channel, self._cause, ending)
        return ending

    @contextmanager
    def _unless_recorded(self, channel: Channel) -> Iterator[None]:
        try:
            yield
        except SupabaseError:
            self._refunds.unrecorded(channel, self._cause)
            raise
