"""Who else writes to a session's row, without looking: the app, a store that leaves, the user."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from wearon_common.channel import Channel
from wearon_devkit.chaos.schedule import Arrival
from wearon_devkit.producer import TABLES, Producer, TakenBack, TryOn

_LIVE = ["queued", "pending", "processing"]
_CREDITS = 5  # of whoever a session is given to


@dataclass(frozen=True)
class Rewrite:
    """What another writer did; times are the database's."""

    by: Arrival
    at: datetime | None  # None: there was nothing to write any more
    refunded_at: datetime | None = None


Steps = Iterator[Rewrite | None]
"""A rewrite in the making: None for each pause in between, the rewrite at the end."""


def rewrite_of(taken_back: TakenBack) -> Rewrite:
    """Tell what the app did when its push failed."""
    return Rewrite(Arrival.TAKEN_BACK, taken_back.failed_at, taken_back.refunded_at)


class OtherWriters:
    """All of them. Each takes as many steps as it does in reality, and we may come in between."""

    def __init__(self, database: psycopg.Connection[Any], producer: Producer) -> None:
        self._database = database
        self._producer = producer

    def begin(self, arrival: Arrival, try_on: TryOn) -> Steps:
        """Give the steps of a rewrite."""
        writers: Mapping[Arrival, Callable[[TryOn], Steps]] = {
            Arrival.TAKEN_BACK: self._take_back,
            Arrival.CLEANED_UP: self._clean_up,
            Arrival.UNINSTALLED: self._uninstall,
            Arrival.REOPENED: lambda try_on: self._set_status(arrival, try_on, "queued"),
            Arrival.CALLED_DONE: lambda try_on: self._set_status(arrival, try_on, "completed"),
            Arrival.CALLED_FAILED: lambda try_on: self._set_status(arrival, try_on, "failed"),
            Arrival.GIVEN_AWAY: self._give_away,
        }
        return writers[arrival](try_on)

    def _take_back(self, try_on: TryOn) -> Steps:
        yield rewrite_of(self._producer.take_back(try_on))

    def _clean_up(self, try_on: TryOn) -> Steps:
        """Read, refund, set `failed`, as the cron does: three statements that know nothing of each other."""
        if not self._is_live(try_on):
            yield Rewrite(Arrival.CLEANED_UP, None)
            return
        yield None
        refunded_at = self._producer.refund(try_on)
        yield None
        yield Rewrite(Arrival.CLEANED_UP, self._producer.set_status(try_on, "failed"), refunded_at)

    def _uninstall(self, try_on: TryOn) -> Steps:
        statement = (
            "update public.store_generation_sessions set status = 'failed'"
            " where store_id = %s and status = 'queued' returning clock_timestamp()"
        )
        row = self._database.execute(statement, [try_on.owner_id]).fetchone()
        yield Rewrite(Arrival.UNINSTALLED, row and row[0])

    def _set_status(self, by: Arrival, try_on: TryOn, status: str) -> Steps:
        yield Rewrite(by, self._producer.set_status(try_on, status))

    def _give_away(self, try_on: TryOn) -> Steps:
        statement = sql.SQL("update {} set {} = %s where id = %s returning clock_timestamp()").format(
            sql.Identifier("public", TABLES[try_on.channel]),
            sql.Identifier(try_on.channel.traits.owner_field),
        )
        row = self._database.execute(statement, [self._somebody_else(try_on), try_on.session_id]).fetchone()
        yield Rewrite(Arrival.GIVEN_AWAY, row and row[0])

    def _somebody_else(self, try_on: TryOn) -> UUID:
        if try_on.channel is Channel.B2C:
            return self._producer.add_user(_CREDITS)
        return self._producer.add_store(_CREDITS, try_on.shopper_email, _CREDITS)

    def _is_live(self, try_on: TryOn) -> bool:
        statement = sql.SQL("select from {} where id = %s and status = any (%s)")
        table = sql.Identifier("public", TABLES[try_on.channel])
        return (
            self._database.execute(statement.format(table), [try_on.session_id, _LIVE]).fetchone() is not None
        )
