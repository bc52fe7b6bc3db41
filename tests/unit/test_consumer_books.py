import asyncio
from datetime import timedelta
from typing import cast

import pytest
from prometheus_client import CollectorRegistry
from structlog.testing import capture_logs

from wearon_common.sessions import Sessions
from wearon_consumer.books import Books
from wearon_consumer.leadership import Leadership
from wearon_consumer.metrics.leader import IMBALANCES, BooksMetrics


class Leading:
    async def hold(self) -> bool:
        return True


class Counted:
    """A database in which one kind of imbalance was found."""

    def __init__(self, kind: str) -> None:
        self._kind = kind

    async def imbalances(self, _window: timedelta, _patience: timedelta) -> dict[str, int]:
        return {kind: int(kind == self._kind) for kind in IMBALANCES}


@pytest.mark.parametrize("kind", IMBALANCES)
def test_only_what_keeps_the_books_from_balancing_is_an_error(kind: str) -> None:
    books = Books(
        cast("Sessions", Counted(kind)), cast("Leadership", Leading()), BooksMetrics(CollectorRegistry())
    )
    with capture_logs() as lines:
        asyncio.run(books.check())
    errors = [line["event"] for line in lines if line["log_level"] == "error"]
    assert errors == ([] if kind == "overage_to_review" else ["books_out_of_balance"])
