"""What happens to entries: they get in line for a generator, or are buried and their sessions refunded."""

import asyncio
from collections.abc import Iterable

import stamina
import structlog

from wearon_common.logs import task_context
from wearon_common.sessions import Ending, Sessions
from wearon_common.supabase_errors import SupabaseError, SupabaseUnavailableError
from wearon_common.task import GenerationTask, InvalidTaskError
from wearon_consumer.celery_messages import CeleryMessages
from wearon_consumer.dead_letters import DeadLetters
from wearon_consumer.entry import NamedSession, entry_context, named_session
from wearon_consumer.fair_queue import Admission, Backlog, FairQueue
from wearon_consumer.metrics.entries import EntryMetrics

_MESSAGE = "Something went wrong with this request and we could not start it. You were not charged."

log = structlog.get_logger()


class Dispatcher:
    """Ends the time of entries in the processing list; raises when Redis is away and leaves them there."""

    def __init__(
        self,
        messages: CeleryMessages,
        queue: FairQueue,
        dead_letters: DeadLetters,
        sessions: Sessions,
        metrics: EntryMetrics,
    ) -> None:
        self._messages = messages
        self._queue = queue
        self._dead_letters = dead_letters
        self._sessions = sessions
        self._metrics = metrics

    async def dispatch(self, entries: Iterable[bytes]) -> Backlog:
        """Put valid tasks in line, then bury the other entries. Gives what is still to be done."""
        tasks: list[tuple[bytes, GenerationTask]] = []
        refused: list[tuple[bytes, InvalidTaskError]] = []
        for entry in entries:
            try:
                tasks.append((entry, GenerationTask.parse(entry)))
            except InvalidTaskError as error:
                refused.append((entry, error))
        backlog = await self._queue.admit([self._admission(entry, task) for entry, task in tasks])
        for _, task in tasks:
            _log_dispatched(task)
            self._metrics.dispatched(task)
        await asyncio.gather(*(self.bury(entry, "invalid_task", str(error)) for entry, error in refused))
        return backlog

    async def bury(self, entry: bytes, reason: str, detail: str) -> None:
        """Fail and refund the session that the entry names, if any; move the entry to the dead letters."""
        session = named_session(entry)
        with entry_context(session):
            ending = await self._end(session, reason) if session else None
            await self._dead_letters.bury(entry, reason, detail)
            self._metrics.buried(reason)
            log.warning("task_dead_lettered", reason=reason, detail=detail, ending=ending)

    def _admission(self, entry: bytes, task: GenerationTask) -> Admission:
        return Admission(task.channel, task.owner_id, entry, self._messages.make(task))

    async def _end(self, session: NamedSession, reason: str) -> str:
        try:
            return await self._fail(session, reason)
        except SupabaseError as error:  # the session stays live and the sweeper will end it
            return str(error)

    @stamina.retry(on=SupabaseUnavailableError, attempts=3, timeout=20)
    async def _fail(self, session: NamedSession, reason: str) -> Ending:
        return await self._sessions.fail_and_refund_unheld(
            session.channel, session.session_id, None, reason, _MESSAGE
        )


def _log_dispatched(task: GenerationTask) -> None:
    with task_context(
        request_id=task.trace_id,
        session_id=task.session_id,
        task_id=task.task_id,
        channel=task.channel,
    ):
        log.info("task_dispatched", queue=task.channel.traits.queue)
