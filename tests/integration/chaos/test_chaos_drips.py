"""Supabase does the work and its answer drips: a call of ours ends within its bound, and may be repeated."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar
from uuid import UUID, uuid4

import psycopg
import pytest

from wearon_common.channel import Channel
from wearon_common.sessions import Attempt, Ending, Sessions
from wearon_common.storage import ResultStorage
from wearon_common.supabase_client import close_supabase, connect_supabase
from wearon_common.supabase_errors import SupabaseUnavailableError
from wearon_common.task import GenerationTask
from wearon_devkit.environment import Environment
from wearon_devkit.producer import Producer, TryOn, task_of
from wearon_devkit.stores import open_stores
from wearon_devkit.supabase_faults import SupabaseFaults
from wearon_devkit.supabase_local.faults import Kind

T = TypeVar("T")

BOUND = timedelta(seconds=1)
PATIENCE_S = 10
LEASE = timedelta(minutes=1)
CREDITS = 5


@dataclass(frozen=True)
class Drips:
    """Our calls of a Supabase whose first answer to each of them drips."""

    sessions: Sessions
    storage: ResultStorage
    faults: SupabaseFaults

    async def then_again(self, call: Callable[[], Awaitable[T]], path: str) -> T:
        """Call in vain, then call again."""
        self.faults.add(Kind.DRIP, path)
        async with asyncio.timeout(PATIENCE_S):
            with pytest.raises(SupabaseUnavailableError):
                await call()
            return await call()


@asynccontextmanager
async def dripping(platform: Environment) -> AsyncIterator[Drips]:
    client = connect_supabase(platform.supabase_url, platform.supabase_service_role_key, BOUND)
    bucket = platform.supabase_storage_bucket
    try:
        yield Drips(Sessions(client), ResultStorage(client, bucket), SupabaseFaults(platform))
    finally:
        await close_supabase(client)


def submitted(platform: Environment) -> TryOn:
    with open_stores(platform) as (database, redis):
        producer = Producer(database, redis)
        try_on = TryOn(Channel.B2C, producer.add_user(CREDITS), ["https://x/1.jpg"])
        producer.submit(try_on)
        return try_on


def balance(platform: Environment, user_id: UUID) -> int:
    with psycopg.connect(platform.database_url) as database:
        row = database.execute("select balance from public.user_credits where user_id = %s", [user_id])
        [[credits_left]] = row.fetchall()
        return int(credits_left)


def test_a_session_is_claimed_and_refunded_once_though_every_answer_drips(platform: Environment) -> None:
    try_on, claim_id = submitted(platform), uuid4()
    task = GenerationTask.model_validate_json(json.dumps(task_of(try_on)))

    async def claim_and_fail() -> tuple[object, Ending]:
        async with dripping(platform) as drips:
            attempt = await drips.then_again(
                lambda: drips.sessions.claim(task, claim_id, LEASE), "/rest/v1/rpc/claim_generation"
            )
            assert isinstance(attempt, Attempt)
            ending = await drips.then_again(
                lambda: drips.sessions.fail_and_refund(attempt, "test", "Sorry."),
                "/rest/v1/rpc/fail_and_refund_generation",
            )
            return attempt.number, ending

    assert asyncio.run(claim_and_fail()) == (1, Ending.ALREADY_ENDED)
    assert balance(platform, try_on.owner_id) == CREDITS


def test_an_image_is_stored_and_signed_though_every_answer_drips(platform: Environment) -> None:
    async def upload_and_sign() -> str:
        async with dripping(platform) as drips:
            await drips.then_again(
                lambda: drips.storage.upload("a.jpg", b"jpeg"), "/storage/v1/object/images/a.jpg"
            )
            return await drips.then_again(
                lambda: drips.storage.sign("a.jpg"), "/storage/v1/object/sign/images/a.jpg"
            )

    assert "/object/sign/images/a.jpg?token=" in asyncio.run(upload_and_sign())
