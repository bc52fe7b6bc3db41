"""What goes back when a session fails: what was taken for it, once, to whoever paid."""

from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest
from integration.sessions.session_facts import Facts
from planted_books import CREDITS, PlantedBooks, planted_books
from session_functions import SessionFunctions

from wearon_common.channel import Channel
from wearon_devkit.books import ImbalanceKind, NoticeKind
from wearon_devkit.checkout import MIGRATIONS
from wearon_devkit.database import MIGRATOR
from wearon_devkit.producer import TryOn
from wearon_devkit.sql_files import apply_sql


@pytest.fixture
def books(database_url: str, redis_url: str) -> Iterator[PlantedBooks]:
    with planted_books(database_url, redis_url) as books:
        yield books


def missing(books: PlantedBooks) -> dict[str, int]:
    """Tell what each purse lacks of what it held at the start."""
    balances = Facts.read(books.database, [], [books.user, books.store]).balances
    return {purse: CREDITS - balance for purse, balance in balances.items() if balance != CREDITS}


def unpaid(books: PlantedBooks, kind: str, request_id: str | None = None) -> SessionFunctions:
    """Make a session that nothing was taken for."""
    try_on = books.try_on(kind, request_id=request_id) if kind != "b2c" else books.try_on(kind)
    books.producer.insert_session(try_on)
    return SessionFunctions(books.database, try_on)


def found(books: PlantedBooks) -> list[ImbalanceKind | NoticeKind]:
    return [finding.kind for finding in books.audit().imbalances]


@pytest.mark.parametrize("request_id", ["req_1", None])
@pytest.mark.parametrize(
    ("kind", "ending"),
    [("store", "refunded"), ("shopper", "refunded"), ("overage", "overage"), ("nobody", "not_charged")],
)
def test_a_failed_b2b_session_gives_back_what_was_taken(
    books: PlantedBooks, kind: str, ending: str, request_id: str | None
) -> None:
    session = books.queued(kind, request_id=request_id)
    assert session.fail(None) == ending
    assert missing(books) == {}
    assert books.audit().balanced


@pytest.mark.parametrize(
    ("description", "payer"),
    [
        ("B2B shopper generation (shopper=ann@example.com, id=7)", "shopper"),
        ("B2B shopper generation (shopper=", "shopper"),
        ("B2B generation", "store"),
        ("b2b shopper generation (shopper=ann@example.com)", "store"),
        ("Bulk B2B shopper generation (shopper=ann@example.com)", "store"),
        ("", "store"),
        (None, "store"),
    ],
)
def test_the_description_of_the_deduction_says_who_gets_the_credit(
    books: PlantedBooks, description: str | None, payer: str
) -> None:
    session = books.queued("store")
    books.execute("update public.store_credit_transactions set description = %s", description)
    assert session.fail(None) == "refunded"
    assert {purse for purse, credits_ in missing(books).items() if credits_ < 0} == (
        {"shopper"} if payer == "shopper" else set()
    )


def test_several_credits_for_one_session_go_back_together(books: PlantedBooks) -> None:
    session = books.queued("store")
    books.execute("update public.store_credit_transactions set amount = -3")
    books.execute("update public.store_credits set balance = balance - 2")
    session.fail(None)
    assert missing(books) == {}


@pytest.mark.parametrize("kind", ["store", "shopper"])
def test_what_the_producer_refunded_itself_is_not_refunded_again(books: PlantedBooks, kind: str) -> None:
    session = books.queued(kind)
    if kind == "store":
        books.refund_store(session.try_on.request_id)
    else:
        books.execute(
            "select public.refund_store_shopper_credits(%s, %s, 1, %s, 'Refund')",
            books.store,
            session.try_on.shopper_email,
            session.try_on.request_id,
        )
    assert session.fail(None) == "not_charged"
    assert missing(books) == {}
    assert books.audit().balanced


def test_a_shopper_who_is_gone_leaves_the_refund_to_a_person(books: PlantedBooks) -> None:
    session = books.queued("shopper")
    books.execute("delete from public.store_shopper_credits")
    assert session.fail(None) == "refund_failed"
    assert session.row()["status"] == "failed"
    assert found(books) == [ImbalanceKind.REFUND_FAILED]


def test_a_deduction_goes_back_only_when_no_session_of_its_request_can_use_it(books: PlantedBooks) -> None:
    paid = books.queued("store", request_id="again")
    second = unpaid(books, "store", "again")
    assert second.fail(None) == "not_charged"
    paid.claim()
    assert paid.complete(1)
    assert missing(books) == {"store": 1}
    assert books.audit().balanced


def test_the_last_of_two_failed_sessions_of_one_deduction_gives_it_back(books: PlantedBooks) -> None:
    paid, second = books.queued("store", request_id="again"), unpaid(books, "store", "again")
    assert [paid.fail(None), second.fail(None)] == ["not_charged", "refunded"]
    assert missing(books) == {}


def test_a_store_that_sent_no_request_id_gets_each_credit_back_once(books: PlantedBooks) -> None:
    sessions = [books.queued("store", request_id=None) for _session in range(3)]
    assert [session.fail(None) for session in sessions] == ["refunded"] * 3
    assert missing(books) == {}


def test_a_finished_overage_session_does_not_use_a_credit_of_the_store(books: PlantedBooks) -> None:
    on_overage = books.queued("overage", request_id=None)
    on_overage.claim()
    on_overage.complete(1)
    assert books.queued("store", request_id=None).fail(None) == "refunded"
    assert missing(books) == {}


def test_a_session_that_the_user_made_up_does_not_give_back_the_credit_of_another(
    books: PlantedBooks,
) -> None:
    paid = books.queued("b2c")
    assert unpaid(books, "b2c").fail(None) == "not_charged"
    paid.claim()
    assert paid.complete(1)
    assert missing(books) == {"user": 1}
    assert books.audit().balanced


def test_a_session_that_the_cron_ended_while_we_worked_does_not_cost_the_next_its_refund(
    books: PlantedBooks,
) -> None:
    first = books.queued("b2c")
    first.claim()
    books.refund_user()
    books.edit_row(first, "status = 'failed'")
    assert not first.complete(1)
    assert books.queued("b2c").fail(None) == "refunded"
    assert missing(books) == {}
    assert books.audit().balanced


def test_a_session_without_an_owner_still_ends(books: PlantedBooks) -> None:
    session = books.queued("store")
    books.edit_row(session, "store_id = null")
    assert session.fail(None) == "not_charged"
    assert session.row()["status"] == "failed"


def _old_session(books: PlantedBooks, *, paid: bool) -> SessionFunctions:
    """Make a session that was completed before our migrations came."""
    session = books.queued("b2c") if paid else unpaid(books, "b2c")
    books.edit_row(session, "status = 'completed', generated_image_url = 'expired'")
    return session


def _migrate(books: PlantedBooks) -> None:
    books.execute("drop table wearon.opening_overdrafts")
    apply_sql(books.database_url, MIGRATIONS, role=MIGRATOR)


def test_a_session_that_was_finished_before_our_workers_came_gives_nothing_back(books: PlantedBooks) -> None:
    old = _old_session(books, paid=True)
    assert unpaid(books, "b2c").fail(None) == "not_charged"
    _migrate(books)
    books.edit_row(old, "status = 'queued', created_at = '2000-01-01'")
    assert not old.stuck()
    assert old.fail(None) == "already_ended"
    assert missing(books) == {"user": 1}


def test_old_sessions_that_were_never_charged_do_not_cost_the_next_its_refund(books: PlantedBooks) -> None:
    _old_session(books, paid=False)
    _old_session(books, paid=False)
    _migrate(books)
    assert books.queued("b2c").fail(None) == "refunded"
    assert unpaid(books, "b2c").fail(None) == "not_charged"
    assert missing(books) == {}


def test_a_refund_is_recorded_with_its_payer(books: PlantedBooks) -> None:
    session = books.queued("shopper")
    session.fail(None)
    row = books.database.execute(
        "select charged, amount, result from wearon.refunds where session_id = %s",
        [session.try_on.session_id],
    ).fetchone()
    assert row == ("shopper", 1, "refunded")


def test_a_second_refund_of_a_session_violates_its_key(books: PlantedBooks) -> None:
    session = books.failed("b2c")
    books.queued("b2c")
    with pytest.raises(psycopg.errors.UniqueViolation, match="refunds_pkey"):
        books.execute(
            "select wearon.refund('b2c', %s, %s, null, null, now())",
            session.try_on.session_id,
            books.user,
        )
    assert missing(books) == {"user": 1}


def test_no_session_is_refunded_for_an_owner_that_only_a_task_names(books: PlantedBooks) -> None:
    session = books.queued("b2c")
    other = SessionFunctions(
        books.database,
        TryOn(Channel.B2C, uuid4(), ["https://x/1.jpg"], session_id=session.try_on.session_id),
    )
    assert other.claim() == (None, "owner_mismatch")
    assert other.fail(None, owner_id=other.try_on.owner_id) == "owner_mismatch"
    assert session.row()["status"] == "queued"
    assert session.fail(None) == "refunded"
    assert missing(books) == {}


def test_a_deduction_without_a_request_id_goes_back_to_the_one_who_paid_it(books: PlantedBooks) -> None:
    first, second = books.queued("store", request_id=None), books.queued("shopper", request_id=None)
    books.execute("update public.store_generation_sessions set created_at = now()")
    assert [session.fail(None) for session in (first, second)] == ["refunded", "refunded"]
    assert missing(books) == {}
