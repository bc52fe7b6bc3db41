"""Looks again and again whether the money of recent sessions is in order."""

from datetime import timedelta

import structlog

from wearon_common.sessions import Sessions
from wearon_consumer.leadership import Leadership
from wearon_consumer.metrics.leader import BooksMetrics

_WINDOW = timedelta(hours=24)
_PATIENCE = timedelta(minutes=10)  # more than any lease, and more than the cron of the platform waits
_FOR_A_PERSON = "overage_to_review"  # the books balance, and somebody has to look

log = structlog.get_logger()


class Books:
    """Asks the database for its imbalances; one consumer at a time does it."""

    def __init__(self, sessions: Sessions, leadership: Leadership, metrics: BooksMetrics) -> None:
        self._sessions = sessions
        self._leadership = leadership
        self._metrics = metrics

    async def check(self) -> None:
        """Look once."""
        if not await self._leadership.hold():
            self._metrics.follows()
            return
        imbalances = await self._sessions.imbalances(_WINDOW, _PATIENCE)
        self._metrics.checked(imbalances)
        if any(count for kind, count in imbalances.items() if kind != _FOR_A_PERSON):
            log.error("books_out_of_balance", **imbalances)
