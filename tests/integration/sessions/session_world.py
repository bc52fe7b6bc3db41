"""A few owners and their sessions in one database, called through several connections."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

import psycopg
from clean_slate import empty_database
from integration.sessions.session_facts import Facts
from psycopg import sql
from redis import Redis
from session_functions import SessionFunctions

from wearon_common.channel import Channel
from wearon_devkit.producer import Payer, Producer, TryOn

CREDITS = 1_000
SHOPPER = "shopper@example.com"
KINDS = ("b2c", "store", "shopper", "overage", "nobody")
TABLES = {Channel.B2C: "generation_sessions", Channel.B2B: "store_generation_sessions"}


class World:
    """Two users, and a store with one shopper; every purse holds enough for any example."""

    def __init__(self, connections: Sequence[psycopg.Connection[Any]], redis: Redis) -> None:
        self.connections = connections
        self.producer = Producer(connections[0], redis)
        self.users = [self.producer.add_user(CREDITS), self.producer.add_user(CREDITS)]
        self.store = self.producer.add_store(CREDITS, SHOPPER, CREDITS)
        self.try_ons: list[TryOn] = []

    def submit(self, kind: str, request_id: str | None) -> TryOn:
        """Ask for a session that a `kind` pays for: deduct and insert, and push nothing."""
        try_on = self.try_on(kind, request_id)
        with self.connections[0].transaction():
            self.producer.deduct(try_on)
            self.producer.insert_session(try_on)
        self.try_ons.append(try_on)
        return try_on

    def insert_unpaid(self, kind: str, request_id: str | None) -> TryOn:
        """Write the row of a session that nothing was taken for."""
        try_on = self.try_on(kind, request_id)
        self.producer.insert_session(try_on)
        self.try_ons.append(try_on)
        return try_on

    def try_on(self, kind: str, request_id: str | None) -> TryOn:
        """Think of a session."""
        if kind == "b2c":
            return TryOn(Channel.B2C, self.users[0], ["https://x/1.jpg"])
        return TryOn(
            Channel.B2B,
            self.store,
            ["https://x/1.jpg"],
            payer=Payer(kind),
            shopper_email=SHOPPER,
            request_id=request_id,
        )

    def functions(self, try_on: TryOn, connection: int = 0) -> SessionFunctions:
        """Give our functions for a session, on one of the connections."""
        return SessionFunctions(self.connections[connection % len(self.connections)], try_on)

    def facts(self) -> Facts:
        """Read everything about this world."""
        owners = [*self.users, self.store]
        return Facts.read(self.connections[0], [try_on.session_id for try_on in self.try_ons], owners)

    def edit(self, try_on: TryOn, column: str, value: object) -> None:
        """Change one column of a session's row, behind our workers' backs."""
        statement = sql.SQL("update public.{} set {} = %s where id = %s").format(
            sql.Identifier(TABLES[try_on.channel]), sql.Identifier(column)
        )
        self.connections[0].execute(statement, [value, try_on.session_id])

    def expire(self, try_on: TryOn) -> None:
        """Let the lease of a session run out."""
        self.connections[0].execute(
            "update wearon.generations set leased_until = clock_timestamp() - interval '1 second'"
            " where session_id = %s and leased_until is not null",
            [try_on.session_id],
        )

    def refund_as_producer(self, try_on: TryOn) -> bool:
        """Give a credit back as the app does, without looking; False when the platform refuses."""
        match try_on.channel, try_on.payer:
            case Channel.B2C, _:
                return self._pay("refund_credits(%s, 1)", try_on.owner_id)
            case _, Payer.SHOPPER:
                call = "refund_store_shopper_credits(%s, %s, 1, %s, 'Refund')"
                return self._pay(call, try_on.owner_id, try_on.shopper_email, try_on.request_id)
            case _:
                return self._pay("refund_store_credits(%s, 1, %s)", try_on.owner_id, try_on.request_id)

    def _pay(self, call: str, *arguments: object) -> bool:
        try:
            self.connections[0].execute(f"select public.{call}", arguments)
        except psycopg.errors.UniqueViolation:
            return False
        return True


def new_world(database_url: str, connections: Sequence[psycopg.Connection[Any]], redis: Redis) -> World:
    """Begin again with empty tables."""
    empty_database(database_url)
    return World(connections, redis)


@contextmanager
def connections_to(database_url: str, count: int) -> Iterator[list[psycopg.Connection[Any]]]:
    """Open several connections, each call a transaction of its own."""
    with ExitStack() as stack:
        yield [
            stack.enter_context(psycopg.connect(database_url, autocommit=True))
            for _connection in range(count)
        ]
