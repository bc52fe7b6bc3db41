"""Refunds that must not be in the books, and failures without one. Each function plants one of them."""

from integration.books.planted import Planted
from planted_books import PlantedBooks
from session_functions import SessionFunctions


def _failed_by_somebody_else(books: PlantedBooks, kind: str) -> Planted:
    session = books.queued(kind)
    books.edit_row(session, "status = 'failed'")
    return Planted((session,))


def a_failed_user_session_that_nobody_refunded(books: PlantedBooks) -> Planted:
    return _failed_by_somebody_else(books, "b2c")


def a_failed_store_session_that_nobody_refunded(books: PlantedBooks) -> Planted:
    return _failed_by_somebody_else(books, "store")


def a_charged_session_that_was_judged_uncharged(books: PlantedBooks) -> Planted:
    session = books.failed("nobody")
    books.execute(
        "insert into public.store_credit_transactions (store_id, amount, type, request_id)"
        " values (%s, -1, 'deduction', %s)",
        books.store,
        session.try_on.request_id,
    )
    return Planted((session,))


def a_refund_that_the_platform_refused(books: PlantedBooks) -> Planted:
    session = books.queued("shopper")
    books.execute("delete from public.store_shopper_credits")
    session.fail(None)
    return Planted((session,))


def a_recorded_user_refund_that_moved_nothing(books: PlantedBooks) -> Planted:
    session = books.failed("b2c")
    books.execute("delete from public.credit_transactions where type = 'refund'")
    books.execute("update public.user_credits set balance = balance - 1")
    return Planted((session,))


def a_recorded_store_refund_that_moved_nothing(books: PlantedBooks) -> Planted:
    session = books.failed("store")
    books.execute(
        "delete from public.store_credit_transactions where type = 'refund' and request_id = %s",
        session.try_on.request_id,
    )
    return Planted((session,))


def a_refund_that_lost_its_record(books: PlantedBooks) -> Planted:
    session = books.failed("store")
    books.execute("delete from wearon.refunds where session_id = %s", session.try_on.session_id)
    return Planted((session,), 0)


def a_refund_of_five_for_one(books: PlantedBooks) -> Planted:
    session = books.queued("store")
    books.edit_row(session, "status = 'failed'")
    books.refund_store(session.try_on.request_id, 5)
    return Planted((session,), 4)


def a_refund_to_the_store_for_what_its_shopper_paid(books: PlantedBooks) -> Planted:
    session = books.failed("shopper")
    books.execute(
        "update wearon.refunds set charged = 'store' where session_id = %s", session.try_on.session_id
    )
    return Planted((session,))


def a_user_refunded_twice(books: PlantedBooks) -> Planted:
    session = books.failed("b2c")
    books.refund_user()
    return Planted((session,))


def a_user_with_other_sessions_refunded_twice(books: PlantedBooks) -> Planted:
    books.completed("b2c")
    return a_user_refunded_twice(books)


def a_store_refunded_twice_without_request_id(books: PlantedBooks) -> Planted:
    session = books.failed("store", request_id=None)
    books.refund_store(None)
    return Planted((session,))


def a_refund_of_a_completed_user_session(books: PlantedBooks) -> Planted:
    session = books.completed("b2c")
    books.refund_user()
    return Planted((session,))


def a_refund_of_a_completed_store_session(books: PlantedBooks) -> Planted:
    session = books.completed("shopper")
    books.refund_store(session.try_on.request_id)
    return Planted((session,))


def a_refund_of_a_live_session(books: PlantedBooks) -> Planted:
    session = books.queued("store")
    books.refund_store(session.try_on.request_id)
    return Planted((session,))


def a_user_refunded_for_nothing(books: PlantedBooks) -> Planted:
    books.refund_user(3)
    return Planted(amount=3)


def a_user_refunded_for_a_session_that_was_free(books: PlantedBooks) -> Planted:
    books.failed("b2c")
    free = books.try_on("b2c")
    books.producer.insert_session(free)
    session = SessionFunctions(books.database, free)
    session.fail(None)
    books.refund_user()
    return Planted()


def a_store_refunded_for_an_unknown_request(books: PlantedBooks) -> Planted:
    books.refund_store("req_unknown")
    return Planted()


def a_store_refunded_for_overage(books: PlantedBooks) -> Planted:
    session = books.failed("overage")
    books.refund_store(session.try_on.request_id)
    return Planted((session,))
