"""Ends the sessions that nothing will ever end: live, held by nobody, with no task anywhere."""

from contextlib import AbstractContextManager
from datetime import timedelta

import structlog
from redis.asyncio import Redis

from wearon_common.logs import task_context
from wearon_common.request_id import traceable
from wearon_common.sessions import Ending, Sessions, StuckSession
from wearon_common.supabase_errors import SupabaseError
from wearon_consumer.leadership import Leadership
from wearon_consumer.metrics.leader import SweepMetrics
from wearon_consumer.waiting_tasks import sessions_with_a_task

_MESSAGE = "We could not finish your image in time. You were not charged. Please try again."

log = structlog.get_logger()


class Sweeper:
    """Fails and refunds lost sessions; one consumer at a time does it.

    A session must be found lost in two sweeps running: a task may change lists while they are being read. The
    database has the last word: it refuses to end a session that somebody holds.
    """

    def __init__(
        self,
        redis: Redis,
        sessions: Sessions,
        leadership: Leadership,
        metrics: SweepMetrics,
        grace: timedelta,
    ) -> None:
        self._redis = redis
        self._sessions = sessions
        self._leadership = leadership
        self._metrics = metrics
        self._grace = grace
        self._suspects: set[StuckSession] = set()

    async def sweep(self) -> None:
        """Look once."""
        if not await self._leadership.hold():
            self._suspects.clear()
            self._metrics.follows()
            return
        lost = await self._lost_sessions()
        for session in lost & self._suspects:
            await self._try_to_end(session)
        self._suspects = lost
        self._metrics.swept()

    async def _lost_sessions(self) -> set[StuckSession]:
        stuck = await self._sessions.stuck(self._grace)
        self._metrics.found(len(stuck))
        if not stuck:
            return set()
        waiting = await sessions_with_a_task(self._redis)
        return {session for session in stuck if str(session.session_id) not in waiting}

    async def _try_to_end(self, session: StuckSession) -> None:
        with _context(session):
            try:
                await self._end(session)
            except SupabaseError as error:  # the others must not wait for it; the next sweep tries again
                log.error("session_not_swept", detail=str(error))  # noqa: TRY400 - the detail says it

    async def _end(self, session: StuckSession) -> None:
        ending = await self._sessions.fail_and_refund_unheld(
            session.channel, str(session.session_id), None, "lost", _MESSAGE
        )
        self._metrics.ended(session.channel, ending)
        report = log.error if ending in {Ending.OVERAGE, Ending.REFUND_FAILED} else log.warning
        report("session_swept", ending=ending)


def _context(session: StuckSession) -> AbstractContextManager[None]:
    return task_context(
        request_id=session.request_id and traceable(session.request_id),
        session_id=str(session.session_id),
        task_id=None,
        channel=session.channel,
    )
