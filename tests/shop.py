"""The producer's side of a test: shoppers who ask for try-ons, and what becomes of these."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self
from uuid import UUID

import httpx
import psycopg
from fixtures_openai_local import StubCaller, picture
from processes import wait_for
from psycopg.rows import dict_row
from redis import Redis

from wearon_common import keys
from wearon_common.channel import Channel
from wearon_devkit.environment import Environment
from wearon_devkit.producer import Producer, TryOn, uuid7
from wearon_devkit.stores import open_stores

CREDITS = 5
SHOPPER = "shopper@example.com"

_TABLES = {Channel.B2C: "generation_sessions", Channel.B2B: "store_generation_sessions"}
_BALANCE = {
    Channel.B2C: "select balance from public.user_credits where user_id = %s",
    Channel.B2B: "select balance from public.store_credits where store_id = %s",
}
_REFUNDS = {
    Channel.B2C: "select count(*) from public.credit_transactions where user_id = %s and type = 'refund'",
    Channel.B2B: "select count(*) from public.store_credit_transactions"
    " where store_id = %s and type = 'refund'",
}


@dataclass(frozen=True)
class Outcome:
    """How a try-on ended for the one who paid, out of `CREDITS`, and how often the provider was called."""

    status: str
    message: str | None
    balance: int
    refunds: int
    provider_calls: int


class Shop:
    """Each try-on has an owner of its own, with `CREDITS` credits, so that its books are its own too."""

    def __init__(self, environment: Environment, database: psycopg.Connection[Any], redis: Redis) -> None:
        self.environment = environment
        self.database = database
        self.redis = redis
        self.producer = Producer(database, redis)
        self.openai = StubCaller(environment.openai_base_url.removesuffix("/v1"))

    @classmethod
    @contextmanager
    def opened(cls, environment: Environment) -> Iterator[Self]:
        """Open a shop on running backing services."""
        with open_stores(environment) as (database, redis):
            shop = cls(environment, database, redis)
            with shop.openai.http:
                yield shop

    @cached_property
    def pictures(self) -> list[str]:
        """Signed URLs of a person and a garment."""
        return [self.upload("person.jpg", picture("navy")), self.upload("garment.jpg", picture("teal"))]

    def upload(self, name: str, content: bytes, content_type: str = "image/jpeg") -> str:
        """Store a picture as the app does, and give its signed URL."""
        with self._supabase() as http:
            path = f"/storage/v1/object/images/uploads/{name}"
            file = {"file": (name, content, content_type)}
            http.post(path, files=file, headers={"x-upsert": "true"}).raise_for_status()
            signed = http.post(f"/storage/v1/object/sign/images/uploads/{name}", json={"expiresIn": "3600"})
            return (
                f"{self.environment.supabase_url}/storage/v1{signed.raise_for_status().json()['signedURL']}"
            )

    def try_on(self, channel: Channel = Channel.B2C, **wishes: Any) -> TryOn:  # noqa: ANN401 - any field of TryOn
        """Think of a try-on, not yet asked for, with a prompt of its own by which faults find it."""
        session_id = uuid7()
        usual = {
            "owner_id": self._owner(channel),
            "image_urls": self.pictures,
            "prompt": f"Try on {session_id}",
            "session_id": session_id,
        }
        return TryOn(channel, **{**usual, **wishes})

    def submit(self, channel: Channel = Channel.B2C, **wishes: Any) -> TryOn:  # noqa: ANN401 - as above
        """Ask for a try-on: deduct, insert, push."""
        try_on = self.try_on(channel, **wishes)
        self.producer.submit(try_on)
        return try_on

    def pay(self, try_on: TryOn) -> TryOn:
        """Deduct and insert, and push nothing."""
        self.producer.deduct(try_on)
        self.producer.insert_session(try_on)
        return try_on

    def script(self, try_on: TryOn, kind: str, *, times: int | None = None, **fault: float) -> None:
        """Have a fault befall the provider calls of this try-on: all of them, or the first `times`."""
        self.openai.script(kind, times=times, match={"prompt_contains": try_on.prompt}, **fault)

    def row(self, try_on: TryOn) -> dict[str, Any]:
        """Give the session's row."""
        cursor = self.database.cursor(row_factory=dict_row)
        statement = f"select * from public.{_TABLES[try_on.channel]} where id = %s"
        return cursor.execute(statement, [try_on.session_id]).fetchone() or {}

    def has_ended(self, try_on: TryOn) -> bool:
        """Tell whether nothing more will come."""
        return self.row(try_on).get("status") in {"completed", "failed"}

    def wait_until_ended(self, *try_ons: TryOn, within_s: float = 60) -> None:
        """Wait for all of them."""
        assert wait_for(lambda: all(map(self.has_ended, try_ons)), within_s), [*map(self.row, try_ons)]

    def outcome(self, try_on: TryOn, within_s: float = 60) -> Outcome:
        """Wait for the end and tell what it was."""
        self.wait_until_ended(try_on, within_s=within_s)
        row = self.row(try_on)
        return Outcome(
            row["status"],
            row["error_message"],
            self._number(_BALANCE[try_on.channel], try_on.owner_id),
            self._number(_REFUNDS[try_on.channel], try_on.owner_id),
            len(self.provider_calls(try_on)),
        )

    def provider_calls(self, try_on: TryOn) -> list[dict[str, Any]]:
        """List the calls that the provider got for this try-on."""
        return [call for call in self.openai.record() if call["client_request_id"] == try_on.request_id]

    def fault_has_struck(self, try_on: TryOn) -> bool:
        """Tell whether the provider has read a call of this try-on to its end and chosen its fault."""
        return any(call["fault"] for call in self.provider_calls(try_on))

    def dead_letters(self) -> list[dict[str, str]]:
        """Read the dead letters, newest first."""
        return [json.loads(letter) for letter in self._entries(keys.DEAD_LETTERS)]

    def queued(self, channel: Channel) -> list[dict[str, Any]]:
        """Read the messages in a channel's queue, oldest first."""
        return [json.loads(message) for message in reversed(self._entries(channel.traits.queue))]

    def break_supabase(self, path_prefix: str, kind: str, **fault: float) -> None:
        """Have a fault befall the next calls of Supabase below a path."""
        with self._supabase() as http:
            fault_spec = {"path_prefix": path_prefix, "kind": kind, **fault}
            http.post("/__faults", json=fault_spec).raise_for_status()

    def armed_faults(self) -> list[dict[str, Any]]:
        """List the faults of Supabase that have not struck yet."""
        with self._supabase() as http:
            faults: list[dict[str, Any]] = http.get("/__faults").raise_for_status().json()
            return faults

    def _supabase(self) -> httpx.Client:
        key = self.environment.supabase_service_role_key
        headers = {"apikey": key, "authorization": f"Bearer {key}"}
        return httpx.Client(base_url=self.environment.supabase_url, headers=headers, trust_env=False)

    def _owner(self, channel: Channel) -> UUID:
        if channel is Channel.B2C:
            return self.producer.add_user(CREDITS)
        return self.producer.add_store(CREDITS, SHOPPER, CREDITS)

    def _number(self, statement: str, owner_id: UUID) -> int:
        row = self.database.execute(statement, [owner_id]).fetchone()
        assert row is not None
        return int(row[0])

    def _entries(self, name: str) -> Sequence[bytes]:
        entries: Any = self.redis.lrange(name, 0, -1)
        return list(entries)
