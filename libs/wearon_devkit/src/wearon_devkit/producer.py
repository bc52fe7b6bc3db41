"""Asks for generations exactly as the Next.js app does: deduct, insert the row, push the task."""

import json
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

import psycopg
from psycopg import sql
from redis import Redis
from redis.exceptions import RedisError

from wearon_common import keys
from wearon_common.channel import Channel

TABLES = {Channel.B2C: "generation_sessions", Channel.B2B: "store_generation_sessions"}

_NOW = sql.SQL("select clock_timestamp()")
_REFUND = "Could not be queued"


def uuid7() -> UUID:
    """Make a UUID that sorts by time (RFC 9562, 5.7)."""
    milliseconds = time.time_ns() // 1_000_000
    random = secrets.randbits(74)
    return UUID(int=milliseconds << 80 | 7 << 76 | (random >> 62) << 64 | 2 << 62 | random & (1 << 62) - 1)


class Payer(StrEnum):
    """Who is charged for a b2b generation."""

    STORE = "store"
    SHOPPER = "shopper"
    OVERAGE = "overage"  # billed later, no credit is taken
    NOBODY = "nobody"


class NotEnoughCreditsError(Exception):
    """The producer refuses before anything is written."""


@dataclass(frozen=True)
class TakenBack:
    """A session that the producer has failed itself; times are the database's."""

    failed_at: datetime
    refunded_at: datetime | None  # None: nothing had been taken, or it had gone back before


class PushFailedError(Exception):
    """Redis did not confirm the push: the producer took all back; the task may have arrived all the same."""

    def __init__(self, taken_back: TakenBack) -> None:
        self.taken_back = taken_back
        super().__init__("the push failed")


@dataclass(frozen=True)
class TryOn:
    """What a shopper asks for. `request_id` None means that the client sent none and the row keeps a null."""

    channel: Channel
    owner_id: UUID
    image_urls: Sequence[str]
    prompt: str = "Virtual try-on: dress the person in the garment."
    payer: Payer = Payer.STORE
    shopper_email: str = "shopper@example.com"
    request_id: str | None = field(default_factory=lambda: f"req_{uuid4()}")
    session_id: UUID = field(default_factory=uuid7)


class Producer:
    """One app server. Each method is what one request of a shopper, or an administrator, does."""

    def __init__(self, database: psycopg.Connection[Any], redis: Redis) -> None:
        self._database = database
        self._redis = redis

    def add_user(self, credits_given: int) -> UUID:
        """Sign somebody up."""
        user_id = uuid4()
        with self._database.transaction():
            self._database.execute(
                "insert into public.user_credits (user_id, balance, total_earned) values (%s, %s, %s)",
                (user_id, credits_given, credits_given),
            )
            self._database.execute(
                "insert into public.credit_transactions (user_id, amount, type)"
                " values (%s, %s, 'signup_bonus')",
                (user_id, credits_given),
            )
        return user_id

    def add_store(self, credits_bought: int, shopper: str | None = None, shopper_credits: int = 0) -> UUID:
        """Install the app in a store, and sell credits to it and to one of its shoppers."""
        store_id = uuid4()
        with self._database.transaction():
            self._database.execute(
                "insert into public.store_credits (store_id, balance, total_purchased) values (%s, %s, %s)",
                (store_id, credits_bought, credits_bought),
            )
            if shopper is not None:
                self._database.execute(
                    "insert into public.store_shopper_credits"
                    " (store_id, shopper_email, balance, total_purchased) values (%s, %s, %s, %s)",
                    (store_id, shopper, shopper_credits, shopper_credits),
                )
        return store_id

    def submit(self, try_on: TryOn) -> dict[str, Any]:
        """Deduct, insert, push; gives the task that was pushed.

        Raises `NotEnoughCreditsError`, and `PushFailedError` after taking everything back.
        """
        with self._database.transaction():
            self.deduct(try_on)
            self.insert_session(try_on)
        task = task_of(try_on)
        try:
            self.push(json.dumps(task))
        except RedisError as error:
            raise PushFailedError(self.take_back(try_on)) from error
        return task

    def take_back(self, try_on: TryOn) -> TakenBack:
        """Refund and fail a session whose push failed, or seemed to."""
        with self._database.transaction():
            refunded_at = self.refund(try_on)
            return TakenBack(self.set_status(try_on, "failed"), refunded_at)

    def refund(self, try_on: TryOn) -> datetime | None:
        """Give back what was taken, without looking; gives when, by the database's clock.

        None when nothing was taken, or the platform's unique key refuses to give it back again.
        """
        try:
            with self._database.transaction():
                # The time is read while the purse is still locked: a refund by somebody else is surely before
                # or surely after it.
                return self._time(_NOW) if self._give_back(try_on) else None
        except psycopg.errors.UniqueViolation:
            return None

    def set_status(self, try_on: TryOn, status: str) -> datetime:
        """Overwrite the status without looking, as other writers do; gives when, by the database's clock."""
        statement = sql.SQL("update {} set status = %s where id = %s returning clock_timestamp()")
        table = sql.Identifier("public", TABLES[try_on.channel])
        return self._time(statement.format(table), status, try_on.session_id)

    def deduct(self, try_on: TryOn) -> None:
        """Take one credit from whoever pays."""
        match (try_on.channel, try_on.payer):
            case (Channel.B2C, _):
                self._take("deduct_credits", try_on.owner_id, 1, "Image generation")
            case (_, Payer.STORE):
                description = "B2B generation"
                self._take("deduct_store_credits", try_on.owner_id, 1, try_on.request_id, description)
            case (_, Payer.SHOPPER):
                description = f"B2B shopper generation (shopper={try_on.shopper_email})"
                self._take(
                    "deduct_store_shopper_credits",
                    try_on.owner_id,
                    try_on.shopper_email,
                    1,
                    try_on.request_id,
                    description,
                )
            case (_, Payer.OVERAGE):
                self._database.execute(
                    "insert into public.store_credit_transactions (store_id, amount, type, request_id)"
                    " values (%s, 1, 'overage', %s)",
                    (try_on.owner_id, try_on.request_id),
                )

    def insert_session(self, try_on: TryOn) -> None:
        """Write the session's row as `queued`."""
        images = [*try_on.image_urls, None]
        if try_on.channel is Channel.B2C:
            self._database.execute(
                "insert into public.generation_sessions"
                " (id, user_id, status, model_image_url, outfit_image_url, prompt_system, prompt_user)"
                " values (%s, %s, 'queued', %s, %s, 'system', %s)",
                (try_on.session_id, try_on.owner_id, images[0], images[1], try_on.prompt),
            )
        else:
            self._database.execute(
                "insert into public.store_generation_sessions (id, store_id, shopper_email, request_id,"
                " status, model_image_url, outfit_image_url, prompt_system, prompt_user)"
                " values (%s, %s, %s, %s, 'queued', %s, %s, 'system', %s)",
                (
                    try_on.session_id,
                    try_on.owner_id,
                    try_on.shopper_email,
                    try_on.request_id,
                    images[0],
                    images[1],
                    try_on.prompt,
                ),
            )

    def push(self, entry: str | bytes) -> None:
        """Push an entry, whatever it is."""
        self._redis.lpush(keys.TASKS, entry)

    def _give_back(self, try_on: TryOn) -> bool:
        match (try_on.channel, try_on.payer):
            case (Channel.B2C, _):
                self._call("refund_credits", try_on.owner_id, 1, _REFUND)
            case (_, Payer.STORE):
                self._call("refund_store_credits", try_on.owner_id, 1, try_on.request_id, _REFUND)
            case (_, Payer.SHOPPER):
                shopper = (try_on.owner_id, try_on.shopper_email)
                self._call("refund_store_shopper_credits", *shopper, 1, try_on.request_id, _REFUND)
            case _:
                return False
        return True

    def _time(self, question: sql.SQL | sql.Composed, *arguments: object) -> datetime:
        [[time]] = self._database.execute(question, arguments).fetchall()
        assert isinstance(time, datetime)  # noqa: S101 - both questions ask for one
        return time

    def _take(self, function: str, *arguments: object) -> None:
        if not self._call(function, *arguments):
            raise NotEnoughCreditsError

    def _call(self, function: str, *arguments: object) -> object:
        places = sql.SQL(", ").join([sql.Placeholder()] * len(arguments))
        statement = sql.SQL("select {}({})").format(sql.Identifier("public", function), places)
        row = self._database.execute(statement, arguments).fetchone()
        return row and row[0]


def task_of(try_on: TryOn) -> dict[str, Any]:
    """Give the task as the producer writes it."""
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {
        "task_id": str(uuid4()),
        "channel": try_on.channel.value,
        try_on.channel.traits.owner_field: str(try_on.owner_id),
        "session_id": str(try_on.session_id),
        "image_urls": list(try_on.image_urls),
        "prompt": try_on.prompt,
        "request_id": try_on.request_id or f"req_{uuid4()}",
        "version": 1,
        "created_at": now,
    }
