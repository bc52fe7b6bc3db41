"""A platform on which sessions end well, or on which somebody plants what must not be."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import psycopg
from redis import Redis
from session_functions import SessionFunctions

from wearon_common.channel import Channel
from wearon_devkit.books import Report, audit
from wearon_devkit.producer import Payer, Producer, TryOn

SHOPPER = "shopper@example.com"
CREDITS = 50


class PlantedBooks:
    """One user, and one store with one shopper, all with credits; sessions of theirs in any state.

    A `kind` of session is who pays for it: "b2c", "store", "shopper", "overage" or "nobody".
    """

    def __init__(self, database_url: str, database: psycopg.Connection[Any], redis: Redis) -> None:
        self.database_url = database_url
        self.database = database
        self.producer = Producer(database, redis)
        self.user = self.producer.add_user(CREDITS)
        self.store = self.producer.add_store(CREDITS, SHOPPER, CREDITS)

    def try_on(self, kind: str, **traits: Any) -> TryOn:  # noqa: ANN401 - whatever a TryOn takes
        if kind == "b2c":
            return TryOn(Channel.B2C, self.user, ["https://x/1.jpg"], **traits)
        return TryOn(Channel.B2B, self.store, ["https://x/1.jpg"], payer=Payer(kind), **traits)

    def queued(self, kind: str, **traits: Any) -> SessionFunctions:  # noqa: ANN401 - whatever a TryOn takes
        try_on = self.try_on(kind, **traits)
        self.producer.submit(try_on)
        return SessionFunctions(self.database, try_on)

    def completed(self, kind: str, **traits: Any) -> SessionFunctions:  # noqa: ANN401 - whatever a TryOn takes
        session = self.queued(kind, **traits)
        session.claim()
        assert session.complete(1)
        return session

    def failed(self, kind: str, **traits: Any) -> SessionFunctions:  # noqa: ANN401 - whatever a TryOn takes
        session = self.queued(kind, **traits)
        session.fail(None)
        return session

    def refund_user(self, amount: int = 1) -> None:
        """Pay the user as the app itself does."""
        self.execute("select public.refund_credits(%s, %s)", self.user, amount)

    def refund_store(self, request_id: str | None, amount: int = 1) -> None:
        """Pay the store as the app itself does."""
        self.execute("select public.refund_store_credits(%s, %s, %s)", self.store, amount, request_id)

    def age_deductions(self) -> None:
        """Make every deduction an hour old."""
        for table in ("credit_transactions", "store_credit_transactions"):
            self.execute(f"update public.{table} set created_at = created_at - interval '1 hour'")

    def edit_row(self, session: SessionFunctions, change: str) -> None:
        """Change a session's row behind our workers' backs."""
        tables = {Channel.B2C: "generation_sessions", Channel.B2B: "store_generation_sessions"}
        table = tables[session.try_on.channel]
        self.execute(f"update public.{table} set {change} where id = %s", session.try_on.session_id)

    def execute(self, statement: str, *arguments: object) -> None:
        self.database.execute(statement, arguments)

    def audit(self) -> Report:
        return audit(self.database_url)


def sessions_of(*sessions: SessionFunctions) -> set[UUID]:
    """Give the ids, as a finding has them."""
    return {session.try_on.session_id for session in sessions}


@contextmanager
def planted_books(database_url: str, redis_url: str) -> Iterator[PlantedBooks]:
    """Open the platform's books."""
    with psycopg.connect(database_url, autocommit=True) as database, Redis.from_url(redis_url) as redis:
        yield PlantedBooks(database_url, database, redis)
