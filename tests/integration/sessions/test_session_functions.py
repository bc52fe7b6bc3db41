"""The promises of `infra/supabase/migrations`, on a real PostgreSQL."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from redis import Redis
from session_functions import SessionFunctions

from wearon_common.channel import Channel
from wearon_devkit.producer import Payer, Producer, TryOn

SHOPPER = "shopper@example.com"


@pytest.fixture
def database(database_url: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(database_url, autocommit=True) as connection:
        yield connection


@pytest.fixture
def producer(database: psycopg.Connection[Any], redis_url: str) -> Producer:
    return Producer(database, Redis.from_url(redis_url))


class Books:
    """What one owner has."""

    def __init__(self, database: psycopg.Connection[Any]) -> None:
        self._database = database

    def balance(self, try_on: TryOn) -> int:
        if try_on.channel is Channel.B2C:
            return self._one("select balance from public.user_credits where user_id = %s", try_on.owner_id)
        if try_on.payer is Payer.SHOPPER:
            return self._one(
                "select balance from public.store_shopper_credits where store_id = %s", try_on.owner_id
            )
        return self._one("select balance from public.store_credits where store_id = %s", try_on.owner_id)

    def _one(self, statement: str, *arguments: object) -> int:
        row = self._database.execute(statement, arguments).fetchone()
        assert row is not None
        return int(row[0])


@pytest.fixture
def books(database: psycopg.Connection[Any]) -> Books:
    return Books(database)


@pytest.fixture(params=["b2c", "store", "shopper"])
def session(
    request: pytest.FixtureRequest, database: psycopg.Connection[Any], producer: Producer
) -> SessionFunctions:
    """A paid, queued session of each kind; five credits were there, four are left."""
    return SessionFunctions(database, _paid(producer, request.param))


def _paid(producer: Producer, kind: str) -> TryOn:
    if kind == "b2c":
        try_on = TryOn(Channel.B2C, producer.add_user(5), ["https://x/1.jpg"])
    else:
        store = producer.add_store(5, SHOPPER, 5)
        try_on = TryOn(Channel.B2B, store, ["https://x/1.jpg"], payer=Payer(kind))
    producer.submit(try_on)
    return try_on


def test_a_claim_gives_the_attempt_and_shows_processing(session: SessionFunctions) -> None:
    assert session.claim() == (1, None)
    assert session.row()["status"] == "processing"


def test_a_held_session_cannot_be_claimed(session: SessionFunctions) -> None:
    session.claim()
    assert session.claim() == (None, "held")


def test_a_claim_repeated_after_a_lost_answer_gives_the_same_attempt(session: SessionFunctions) -> None:
    claim_id = uuid4()
    assert session.claim(claim_id=claim_id) == session.claim(claim_id=claim_id) == (1, None)


def test_an_expired_lease_is_claimed_by_the_next_attempt(session: SessionFunctions) -> None:
    session.claim(lease_s=0)
    assert session.claim() == (2, None)


def test_only_the_owner_of_the_row_can_be_named(session: SessionFunctions) -> None:
    assert session.claim(owner_id=uuid4()) == (None, "owner_mismatch")
    assert session.row()["status"] == "queued"


def test_a_session_that_changed_hands_is_claimed_for_neither_owner(
    database: psycopg.Connection[Any], producer: Producer
) -> None:
    session = SessionFunctions(database, _paid(producer, "b2c"))
    session.claim(lease_s=0)
    somebody_else = uuid4()
    database.execute("update public.generation_sessions set user_id = %s", [somebody_else])
    assert session.claim() == (None, "owner_mismatch")
    assert session.claim(owner_id=somebody_else) == (None, "owner_mismatch")


@pytest.mark.parametrize("status", ["failed", "completed"])
def test_a_session_that_another_writer_ended_is_not_claimed(
    database: psycopg.Connection[Any], session: SessionFunctions, status: str
) -> None:
    for table in ("generation_sessions", "store_generation_sessions"):
        database.execute(f"update public.{table} set status = %s", [status])
    assert session.claim() == (None, "ended")
    assert session.row()["status"] == status


def test_an_unknown_session_is_refused(database: psycopg.Connection[Any], producer: Producer) -> None:
    nobody = SessionFunctions(database, TryOn(Channel.B2C, uuid4(), ["https://x/1.jpg"]))
    assert nobody.claim() == (None, "unknown_session")
    assert nobody.fail(None) == "unknown_session"


def test_a_completed_session_shows_everything_and_keeps_the_charge(
    session: SessionFunctions, books: Books
) -> None:
    session.claim()
    assert session.complete(1)
    row = session.row()
    shown = {name: row[name] for name in ("status", "generated_image_url", "input_tokens", "output_tokens")}
    assert shown == {
        "status": "completed",
        "generated_image_url": "https://x",
        "input_tokens": 10,
        "output_tokens": 20,
    }
    assert row["completed_at"] is not None
    assert float(row["estimated_cost_usd"]) == 0.05
    assert row["processing_time_ms"] == 900
    assert books.balance(session.try_on) == 4


def test_completing_again_after_a_lost_answer_is_true_and_changes_nothing(session: SessionFunctions) -> None:
    session.claim()
    assert session.complete(1)
    before = session.row()
    assert session.complete(1)
    assert session.row() == before


def test_a_failed_session_is_refunded_once(session: SessionFunctions, books: Books) -> None:
    session.claim()
    assert session.fail(1) == "refunded"
    assert session.fail(1) == "already_ended"
    assert session.fail(None) == "already_ended"
    assert books.balance(session.try_on) == 5
    assert (session.row()["status"], session.row()["error_message"]) == ("failed", "sorry")


def test_a_queued_session_that_nobody_holds_is_failed_and_refunded(
    session: SessionFunctions, books: Books
) -> None:
    assert session.fail(None) == "refunded"
    assert books.balance(session.try_on) == 5


def test_a_held_session_is_not_failed_by_anybody_else(session: SessionFunctions, books: Books) -> None:
    session.claim()
    assert session.fail(None) == "held"
    assert session.fail(2) == "held"
    assert books.balance(session.try_on) == 4
    assert session.row()["status"] == "processing"


def test_a_failed_session_is_never_run_or_completed(session: SessionFunctions, books: Books) -> None:
    session.claim()
    session.fail(1)
    assert session.claim() == (None, "ended")
    assert not session.complete(1)
    assert books.balance(session.try_on) == 5


def test_an_attempt_that_lost_its_lease_can_do_nothing(session: SessionFunctions) -> None:
    session.claim(lease_s=0)
    assert session.claim() == (2, None)
    assert not session.renew(1)
    assert not session.requeue(1)
    assert not session.complete(1)
    assert session.fail(1) == "held"
    assert session.complete(2)


def test_a_requeued_session_can_be_claimed_again_at_once(session: SessionFunctions, books: Books) -> None:
    session.claim()
    assert session.requeue(1)
    assert (session.row()["status"], session.row()["error_message"]) == ("queued", "wait")
    assert session.claim() == (2, None)
    assert session.row()["error_message"] is None
    assert books.balance(session.try_on) == 4


def test_the_holder_of_a_lease_renews_it(session: SessionFunctions) -> None:
    session.claim()
    assert session.renew(1)


def test_a_renewal_that_comes_after_the_requeue_does_not_hold_the_session(session: SessionFunctions) -> None:
    session.claim()
    session.requeue(1)
    assert not session.renew(1)
    assert session.claim() == (2, None)


def test_a_session_that_another_writer_failed_is_left_alone(
    database: psycopg.Connection[Any], session: SessionFunctions, books: Books
) -> None:
    session.claim()
    for table in ("generation_sessions", "store_generation_sessions"):
        database.execute(
            f"update public.{table} set status = 'failed' where id = %s", [session.try_on.session_id]
        )
    assert not session.renew(1)
    assert not session.complete(1)
    assert session.fail(1) == "already_ended"
    assert books.balance(session.try_on) == 4


def test_a_user_who_reopens_a_refunded_session_gains_nothing(
    database: psycopg.Connection[Any], producer: Producer, books: Books
) -> None:
    session = SessionFunctions(database, _paid(producer, "b2c"))
    session.fail(None)
    database.execute("update public.generation_sessions set status = 'queued'")
    assert session.claim() == (None, "ended")
    assert session.fail(None) == "already_ended"
    assert not session.stuck()
    assert books.balance(session.try_on) == 5


def test_a_user_who_reopens_a_session_that_the_producer_refunded_gains_nothing(
    database: psycopg.Connection[Any], producer: Producer, books: Books
) -> None:
    session = SessionFunctions(database, _paid(producer, "b2c"))
    database.execute("select public.refund_credits(%s, 1)", [session.try_on.owner_id])
    assert session.fail(None) == "not_charged"
    assert books.balance(session.try_on) == 5


def test_a_row_that_a_user_made_up_is_not_refunded_at_the_cost_of_a_paid_one(
    database: psycopg.Connection[Any], producer: Producer, books: Books
) -> None:
    paid = SessionFunctions(database, _paid(producer, "b2c"))
    made_up = TryOn(Channel.B2C, paid.try_on.owner_id, ["https://x/1.jpg"])
    producer.insert_session(made_up)
    assert SessionFunctions(database, made_up).fail(None) == "not_charged"
    assert paid.fail(None) == "refunded"
    assert books.balance(paid.try_on) == 5


def test_stuck_lists_live_sessions_that_nobody_holds(session: SessionFunctions) -> None:
    assert session.stuck()
    assert not session.stuck(grace_s=60)
    session.claim()
    assert not session.stuck()
    session.complete(1)
    assert not session.stuck()


def test_an_expired_lease_is_stuck(session: SessionFunctions) -> None:
    session.claim(lease_s=0)
    assert session.stuck()


@pytest.mark.parametrize("reason", ["moderation_blocked", "deadline_exceeded"])
def test_the_platforms_event_log_tells_what_happened(
    database: psycopg.Connection[Any], session: SessionFunctions, reason: str
) -> None:
    session.fail(None, reason=reason)
    kinds = {
        row[0]
        for table in ("analytics_events", "store_analytics_events")
        for row in database.execute(f"select event_type from public.{table}")
    }
    failed = "generation_moderation_blocked" if reason == "moderation_blocked" else "generation_failed"
    assert kinds == ({failed} if session.try_on.channel is Channel.B2C else {failed, "credit_refunded"})
