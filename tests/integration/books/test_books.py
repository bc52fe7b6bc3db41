"""What the books say of generations that end as they should."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from planted_books import PlantedBooks, planted_books, sessions_of

from wearon_common.channel import Channel
from wearon_devkit.books import ChannelTotals, Finding, NoticeKind, Report

KINDS = ("b2c", "store", "shopper")
# The store and its shopper have balances, but their purchases are in no ledger.
NOT_JUDGED = Finding(NoticeKind.BALANCE_NOT_JUDGED, Channel.B2B, None, None, (), 2)


@pytest.fixture
def books(database_url: str, redis_url: str) -> Iterator[PlantedBooks]:
    with planted_books(database_url, redis_url) as books:
        yield books


def _totals(report: Report, channel: Channel) -> ChannelTotals:
    return next(totals for totals in report.totals if totals.channel is channel)


def test_books_of_nothing_balance(books: PlantedBooks) -> None:
    report = books.audit()
    assert report.balanced
    assert report.summary == "audit: 0 deducted = 0 completed + 0 refunded + 0 live; books balance"


def test_every_ending_has_its_place_in_the_equation(books: PlantedBooks) -> None:
    for kind in KINDS:
        books.completed(kind)
        books.failed(kind)
        books.queued(kind)
        books.queued(kind).claim()
    report = books.audit()
    assert report.imbalances == ()
    assert report.notices == (NOT_JUDGED,)
    assert report.totals == (
        ChannelTotals(Channel.B2B, deducted=8, completed=2, refunded=2, live=4, overage=0, uncharged=0),
        ChannelTotals(Channel.B2C, deducted=4, completed=1, refunded=1, live=2, overage=0, uncharged=0),
    )
    assert report.summary == "audit: 12 deducted = 3 completed + 3 refunded + 6 live; books balance"


def test_store_sessions_without_request_ids_are_settled_together(books: PlantedBooks) -> None:
    books.completed("store", request_id=None)
    books.failed("store", request_id=None)
    books.queued("shopper", request_id=None)
    totals = _totals(books.audit(), Channel.B2B)
    assert books.audit().balanced
    assert (totals.deducted, totals.completed, totals.refunded, totals.live) == (3, 1, 1, 1)


def test_overage_and_free_sessions_stand_beside_the_equation(books: PlantedBooks) -> None:
    books.completed("overage")
    books.completed("nobody")
    books.queued("nobody")
    books.failed("nobody")
    report = books.audit()
    assert report.balanced
    assert _totals(report, Channel.B2B) == ChannelTotals(
        Channel.B2B, deducted=0, completed=0, refunded=0, live=0, overage=1, uncharged=3
    )
    assert [(notice.kind, notice.amount) for notice in report.notices] == [
        (NoticeKind.UNCHARGED_SESSIONS, 3),
        (NoticeKind.BALANCE_NOT_JUDGED, 2),
    ]


def test_a_failed_overage_session_waits_for_a_person(books: PlantedBooks) -> None:
    session = books.failed("overage")
    report = books.audit()
    assert report.balanced
    notice = report.notices[0]
    assert notice.kind is NoticeKind.OVERAGE_TO_REVIEW
    assert set(notice.session_ids) == sessions_of(session)
    books.execute("delete from public.store_credit_transactions where type = 'overage'")
    assert NoticeKind.OVERAGE_TO_REVIEW not in {notice.kind for notice in books.audit().notices}


def test_a_session_that_the_app_itself_failed_and_refunded_is_even(books: PlantedBooks) -> None:
    session = books.queued("b2c")
    session.claim()
    books.refund_user()
    books.edit_row(session, "status = 'failed'")
    assert books.audit().balanced


def test_a_refund_of_the_app_that_left_us_nothing_to_give_back_is_even(books: PlantedBooks) -> None:
    session = books.queued("b2c")
    books.refund_user()
    assert session.fail(None) == "not_charged"
    assert books.audit().balanced


def test_a_refund_by_hand_settles_what_the_platform_had_refused(books: PlantedBooks) -> None:
    session = books.queued("shopper")
    books.execute("delete from public.store_shopper_credits")
    assert session.fail(None) == "refund_failed"
    assert not books.audit().balanced
    books.refund_store(session.try_on.request_id)
    assert books.audit().balanced


def test_a_deduction_of_this_moment_waits_for_its_session(books: PlantedBooks) -> None:
    books.producer.deduct(books.try_on("b2c"))
    books.producer.deduct(books.try_on("store"))
    report = books.audit()
    assert report.summary == "audit: 2 deducted = 0 completed + 0 refunded + 2 live; books balance"
    in_flight = [notice for notice in report.notices if notice.kind is NoticeKind.DEDUCTION_IN_FLIGHT]
    assert [(notice.channel, notice.amount) for notice in in_flight] == [(Channel.B2B, 1), (Channel.B2C, 1)]


def test_sessions_from_before_the_migrations_count_by_their_rows(books: PlantedBooks) -> None:
    books.edit_row(books.queued("b2c"), "status = 'completed', generated_image_url = 'https://x'")
    books.edit_row(books.queued("store"), "status = 'completed', generated_image_url = 'expired'")
    report = books.audit()
    assert report.summary == "audit: 2 deducted = 2 completed + 0 refunded + 0 live; books balance"


def test_a_row_that_a_user_made_up_is_no_debt_of_ours(books: PlantedBooks) -> None:
    books.producer.insert_session(books.try_on("b2c"))
    report = books.audit()
    assert report.balanced
    assert _totals(report, Channel.B2C).uncharged == 1


def test_sessions_that_wait_for_hours_are_noticed(books: PlantedBooks) -> None:
    session = books.queued("store")
    books.edit_row(session, "created_at = created_at - interval '2 hours'")
    notices = books.audit().notices
    assert [notice.kind for notice in notices] == [NoticeKind.WAITING_LONG, NoticeKind.BALANCE_NOT_JUDGED]
    assert set(notices[0].session_ids) == sessions_of(session)


def test_sessions_whose_rows_are_gone_are_noticed(books: PlantedBooks) -> None:
    session = books.failed("store")
    books.execute("delete from public.store_generation_sessions")
    assert NoticeKind.SESSION_ROW_MISSING in {notice.kind for notice in books.audit().notices}
    assert session.row() == {}


def test_a_store_whose_purchases_are_all_in_the_ledger_is_judged(books: PlantedBooks) -> None:
    books.execute(
        "insert into public.store_credit_transactions (store_id, amount, type, request_id)"
        " values (%s, 50, 'purchase', %s)",
        books.store,
        str(uuid4()),
    )
    books.completed("store")
    books.failed("store")
    report = books.audit()
    assert report.balanced
    assert report.notices[-1].amount == 1  # the shopper's alone
