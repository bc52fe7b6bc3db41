"""What happens to one entry: it is published, or it is buried and its session refunded."""

import stamina
import structlog

from wearon_common.logs import task_context
from wearon_common.sessions import Ending, Sessions
from wearon_common.supabase_errors import SupabaseError, SupabaseUnavailableError
from wearon_common.task import GenerationTask, InvalidTaskError
from wearon_consumer.dead_letters import DeadLetters
from wearon_consumer.entry import NamedSession, entry_context, named_session
from wearon_consumer.inbox import Inbox
from wearon_consumer.publisher import Publisher

_MESSAGE = "Something went wrong with this request and we could not start it. You were not charged."

log = structlog.get_logger()


class Dispatcher:
    """Ends an entry's time in the processing list; raises when Redis is away and leaves it there."""

    def __init__(
        self, inbox: Inbox, publisher: Publisher, dead_letters: DeadLetters, sessions: Sessions
    ) -> None:
        self._inbox = inbox
        self._publisher = publisher
        self._dead_letters = dead_letters
        self._sessions = sessions

    async def dispatch(self, entry: bytes) -> None:
        """Publish a valid task and forget the entry; bury anything else."""
        try:
            task = GenerationTask.parse(entry)
        except InvalidTaskError as error:
            await self.bury(entry, "invalid_task", str(error))
            return
        with task_context(
            request_id=task.request_id,
            session_id=task.session_id,
            task_id=task.task_id,
            channel=task.channel,
        ):
            await self._publisher.publish(task)
            await self._inbox.finish(entry)
            log.info("task_dispatched", queue=task.channel.traits.queue)

    async def bury(self, entry: bytes, reason: str, detail: str) -> None:
        """Fail and refund the session that the entry names, if any; move the entry to the dead letters."""
        session = named_session(entry)
        with entry_context(session):
            ending = await self._end(session, reason) if session else None
            await self._dead_letters.bury(entry, reason, detail)
            log.warning("task_dead_lettered", reason=reason, detail=detail, ending=ending)

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
