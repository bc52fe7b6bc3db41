"""Our functions wait for another writer who is in the middle of a transaction, and then see what that did."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

import pytest
from integration.sessions.session_world import World, connections_to, new_world
from processes import wait_for
from redis import Redis
from session_functions import SessionFunctions

from wearon_devkit.producer import TryOn

T = TypeVar("T")
_BLOCKED = "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"


@pytest.fixture
def world(postgres: str, redis_url: str) -> Iterator[World]:
    with connections_to(postgres, 3) as connections, Redis.from_url(redis_url) as redis:
        yield new_world(postgres, connections, redis)


def called_during(world: World, other_writer: Callable[[], object], call: Callable[[], T]) -> T:
    """Call one of our functions while another writer has written and not yet committed; give its result."""
    with ThreadPoolExecutor(1) as pool:
        with world.connections[0].transaction():
            other_writer()
            ours = pool.submit(call)
            assert wait_for(lambda: world.connections[2].execute(_BLOCKED).fetchone() == (1,)), (
                "it did not wait"
            )
        return ours.result()


def submitted(world: World, kind: str, request_id: str | None = None) -> tuple[TryOn, SessionFunctions]:
    """Give a session, and our functions for it on a connection of their own."""
    try_on = world.submit(kind, request_id)
    return try_on, world.functions(try_on, 1)


@pytest.mark.parametrize("kind", ["b2c", "store"])
def test_complete_waits_for_who_is_setting_the_row_to_failed(world: World, kind: str) -> None:
    try_on, session = submitted(world, kind)
    session.claim()

    assert (
        called_during(world, partial(world.edit, try_on, "status", "failed"), lambda: session.complete(1))
        is False
    )
    assert session.row()["status"] == "failed"


@pytest.mark.parametrize("kind", ["b2c", "store"])
def test_a_claim_waits_for_who_is_setting_the_row_to_failed(world: World, kind: str) -> None:
    try_on, session = submitted(world, kind)

    assert called_during(world, partial(world.edit, try_on, "status", "failed"), session.claim) == (
        None,
        "ended",
    )


@pytest.mark.parametrize("request_id", ["req_1", None])
@pytest.mark.parametrize("kind", ["b2c", "store", "shopper"])
def test_a_refund_waits_for_a_refund_of_the_producer(world: World, kind: str, request_id: str | None) -> None:
    try_on, session = submitted(world, kind, request_id)

    assert (
        called_during(world, partial(world.refund_as_producer, try_on), lambda: session.fail(None))
        == "not_charged"
    )
    (account,) = world.facts().accounts.values()
    assert (account.deducted, account.refunded) == (1, 1)
