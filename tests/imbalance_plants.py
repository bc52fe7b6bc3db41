"""What must not be in the books. Each function plants one thing and gives what the audit should tell."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from planted_books import CREDITS, PlantedBooks
from session_functions import SessionFunctions

from wearon_devkit.books import ImbalanceKind


@dataclass(frozen=True)
class Planted:
    """Which sessions the finding may name, and how many credits."""

    sessions: tuple[SessionFunctions, ...] = ()
    amount: int = 1


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


def a_user_session_that_ran_without_a_deduction(books: PlantedBooks) -> Planted:
    try_on = books.try_on("b2c")
    books.producer.insert_session(try_on)
    session = SessionFunctions(books.database, try_on)
    session.claim()
    session.complete(1)
    return Planted((session,))


def a_store_session_that_ran_on_a_credit_given_back(books: PlantedBooks) -> Planted:
    books.failed("store", request_id="again")
    second = books.try_on("store", request_id="again")
    books.producer.insert_session(second)
    session = SessionFunctions(books.database, second)
    session.claim()
    session.complete(1)
    return Planted((session,))


def a_user_deduction_without_a_session(books: PlantedBooks) -> Planted:
    books.completed("b2c")
    books.producer.deduct(books.try_on("b2c"))
    books.age_deductions()
    return Planted()


def a_deduction_without_a_session_beside_a_refund_of_the_app(books: PlantedBooks) -> Planted:
    session = books.queued("b2c")
    books.refund_user()
    books.edit_row(session, "status = 'failed'")
    books.producer.deduct(books.try_on("b2c"))
    books.age_deductions()
    return Planted()


def a_store_deduction_without_a_session(books: PlantedBooks) -> Planted:
    books.producer.deduct(books.try_on("store"))
    books.age_deductions()
    return Planted()


def a_user_balance_that_somebody_raised(books: PlantedBooks) -> Planted:
    books.completed("b2c")
    books.execute("update public.user_credits set balance = balance + 7")
    return Planted(amount=7)


def a_store_balance_that_somebody_lowered(books: PlantedBooks) -> Planted:
    store = books.producer.add_store(CREDITS)
    books.execute(
        "insert into public.store_credit_transactions (store_id, amount, type) values (%s, %s, 'purchase')",
        store,
        CREDITS,
    )
    books.execute("update public.store_credits set balance = balance - 2 where store_id = %s", store)
    return Planted(amount=-2)


def _edited(session: SessionFunctions, books: PlantedBooks, change: str) -> Planted:
    books.edit_row(session, change)
    return Planted((session,), 0)


def a_completed_session_shown_as_failed(books: PlantedBooks) -> Planted:
    return _edited(books.completed("b2c"), books, "status = 'failed'")


def a_completed_session_shown_as_queued(books: PlantedBooks) -> Planted:
    return _edited(books.completed("b2c"), books, "status = 'queued'")


def a_failed_session_shown_as_completed(books: PlantedBooks) -> Planted:
    return _edited(books.failed("store"), books, "status = 'completed', generated_image_url = 'https://x'")


def a_waiting_session_that_its_user_calls_completed(books: PlantedBooks) -> Planted:
    session = books.queued("b2c")
    session.claim()
    session.requeue(1)
    return _edited(session, books, "status = 'completed', generated_image_url = 'https://x'")


def a_session_given_to_somebody_else(books: PlantedBooks) -> Planted:
    return _edited(books.completed("b2c"), books, "user_id = gen_random_uuid()")


def a_completed_session_without_an_image(books: PlantedBooks) -> Planted:
    session = books.completed("store")
    books.edit_row(session, "generated_image_url = null")
    return Planted((session,))


def a_lease_that_ran_out_an_hour_ago(books: PlantedBooks) -> Planted:
    session = books.queued("shopper")
    session.claim(lease_s=-3600)
    return Planted((session,))


PLANTS: Mapping[ImbalanceKind, tuple[Callable[[PlantedBooks], Planted], ...]] = {
    ImbalanceKind.REFUND_MISSING: (
        a_failed_user_session_that_nobody_refunded,
        a_failed_store_session_that_nobody_refunded,
        a_charged_session_that_was_judged_uncharged,
    ),
    ImbalanceKind.REFUND_FAILED: (a_refund_that_the_platform_refused,),
    ImbalanceKind.REFUND_RECORDED_NOT_PAID: (
        a_recorded_user_refund_that_moved_nothing,
        a_recorded_store_refund_that_moved_nothing,
    ),
    ImbalanceKind.REFUND_RECORD_MISSING: (a_refund_that_lost_its_record,),
    ImbalanceKind.REFUND_AMOUNT_DIFFERS: (a_refund_of_five_for_one,),
    ImbalanceKind.REFUND_TO_WRONG_PAYER: (a_refund_to_the_store_for_what_its_shopper_paid,),
    ImbalanceKind.REFUNDED_TWICE: (
        a_user_refunded_twice,
        a_user_with_other_sessions_refunded_twice,
        a_store_refunded_twice_without_request_id,
    ),
    ImbalanceKind.REFUND_OF_UNFAILED_SESSION: (
        a_refund_of_a_completed_user_session,
        a_refund_of_a_completed_store_session,
        a_refund_of_a_live_session,
    ),
    ImbalanceKind.REFUND_NEVER_DEDUCTED: (
        a_user_refunded_for_nothing,
        a_user_refunded_for_a_session_that_was_free,
        a_store_refunded_for_an_unknown_request,
        a_store_refunded_for_overage,
    ),
    ImbalanceKind.UNPAID_SESSION: (
        a_user_session_that_ran_without_a_deduction,
        a_store_session_that_ran_on_a_credit_given_back,
    ),
    ImbalanceKind.DEDUCTION_WITHOUT_SESSION: (
        a_user_deduction_without_a_session,
        a_deduction_without_a_session_beside_a_refund_of_the_app,
        a_store_deduction_without_a_session,
    ),
    ImbalanceKind.BALANCE_DIFFERS: (
        a_user_balance_that_somebody_raised,
        a_store_balance_that_somebody_lowered,
    ),
    ImbalanceKind.ROW_DISAGREES: (
        a_completed_session_shown_as_failed,
        a_completed_session_shown_as_queued,
        a_failed_session_shown_as_completed,
        a_waiting_session_that_its_user_calls_completed,
        a_session_given_to_somebody_else,
    ),
    ImbalanceKind.COMPLETED_WITHOUT_IMAGE: (a_completed_session_without_an_image,),
    ImbalanceKind.LEASE_RAN_OUT: (a_lease_that_ran_out_an_hour_ago,),
}
