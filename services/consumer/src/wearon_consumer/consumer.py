"""The consumer's loop: take, dispatch, and on an error wait and look again."""

import asyncio
import time
from collections.abc import Sequence
from datetime import timedelta

import structlog

from wearon_consumer.dispatcher import Dispatcher
from wearon_consumer.fair_queue import Backlog
from wearon_consumer.inbox import Inbox
from wearon_consumer.metrics.loops import LoopMetrics
from wearon_consumer.outage import is_bug

_PATIENCE = timedelta(seconds=1)  # how long a stop may have to wait for a blocking move
_NEXT_LOOK = timedelta(seconds=0.25)  # while tasks wait in line: Celery may have room for them

log = structlog.get_logger()


class Consumer:
    """Moves tasks until told to stop."""

    def __init__(
        self,
        inbox: Inbox,
        dispatcher: Dispatcher,
        metrics: LoopMetrics,
        error_backoff: timedelta,
        most_waiting: int,
    ) -> None:
        self._inbox = inbox
        self._dispatcher = dispatcher
        self._metrics = metrics
        self._error_backoff = error_backoff
        self._most_waiting = most_waiting
        self._backlog = Backlog()
        self._last_turn = time.monotonic()

    @property
    def silence(self) -> timedelta:
        """How long ago the loop last went round without an error."""
        return timedelta(seconds=time.monotonic() - self._last_turn)

    async def run(self, stop: asyncio.Event) -> None:
        """Go round until `stop`; the entries in hand are finished first."""
        while not stop.is_set():
            try:
                await self._turn()
            except Exception as error:  # the outermost loop: nothing may end it but `stop`
                facts = {"error": type(error).__name__, "detail": str(error)}
                log.warning("consumer_error", **facts, exc_info=is_bug(error))
                self._metrics.turn_failed()
                self._inbox.expect_unfinished()
                await _wait(stop, self._error_backoff)

    async def _turn(self) -> None:
        self._backlog = await self._dispatcher.dispatch(await self._entries())
        self._last_turn = time.monotonic()

    async def _entries(self) -> Sequence[bytes]:
        if self._backlog.in_line >= self._most_waiting:  # the rest stays in the producer's list
            await asyncio.sleep(_NEXT_LOOK.total_seconds())
            return ()
        if self._backlog.untaken:
            return await self._inbox.take_many()
        return await self._inbox.take_one(_NEXT_LOOK if self._backlog.in_line else _PATIENCE)


async def _wait(stop: asyncio.Event, at_most: timedelta) -> None:
    try:
        async with asyncio.timeout(at_most.total_seconds()):
            await stop.wait()
    except TimeoutError:
        return
