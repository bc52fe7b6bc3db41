"""Sessions, deductions and balances that must not be in the books. Each function plants one of them."""

from integration.books.planted import Planted
from planted_books import CREDITS, PlantedBooks
from session_functions import SessionFunctions


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
