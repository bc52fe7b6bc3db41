"""What cannot be prevented, as others write without looking: the audit names it, later failures settle it."""

from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest
from planted_books import PlantedBooks, planted_books
from session_functions import SessionFunctions

from wearon_devkit.books import ImbalanceKind

FAILED = "status = 'failed'"


@pytest.fixture
def books(database_url: str, redis_url: str) -> Iterator[PlantedBooks]:
    with planted_books(database_url, redis_url) as books:
        yield books


def found(books: PlantedBooks) -> set[str]:
    return {finding.kind for finding in books.audit().imbalances}


def made_up(books: PlantedBooks) -> SessionFunctions:
    """Write a row as a user can, that nothing was taken for."""
    try_on = books.try_on("b2c")
    books.producer.insert_session(try_on)
    return SessionFunctions(books.database, try_on)


def completed_between_the_steps_of_the_cron(books: PlantedBooks) -> SessionFunctions:
    session = books.queued("b2c")
    books.refund_user()
    session.claim()
    assert session.complete(1)
    books.edit_row(session, FAILED)
    return session


def test_a_session_that_is_completed_between_the_steps_of_the_cron_was_free(books: PlantedBooks) -> None:
    completed_between_the_steps_of_the_cron(books)
    assert found(books) == {ImbalanceKind.REFUND_OF_UNFAILED_SESSION, ImbalanceKind.ROW_DISAGREES}


def test_a_credit_that_the_cron_gave_away_is_kept_at_the_users_next_failure(books: PlantedBooks) -> None:
    session = completed_between_the_steps_of_the_cron(books)
    assert books.queued("b2c").fail(None) == "not_charged"
    books.edit_row(session, "status = 'completed'")
    assert books.audit().balanced


def test_a_refund_of_the_cron_after_ours_is_found_and_kept_at_the_next_failure(books: PlantedBooks) -> None:
    books.failed("b2c")
    books.refund_user()
    assert found(books) == {ImbalanceKind.REFUNDED_TWICE}
    assert books.queued("b2c").fail(None) == "not_charged"
    assert books.audit().balanced


def test_a_failure_between_the_steps_of_the_cron_is_found_as_owed(books: PlantedBooks) -> None:
    with_the_cron = books.queued("b2c")
    books.refund_user()
    assert books.queued("b2c").fail(None) == "not_charged"
    books.edit_row(with_the_cron, FAILED)
    assert found(books) == {ImbalanceKind.REFUND_MISSING}


def test_a_store_is_never_refunded_twice_for_a_request_by_whoever_comes_second(books: PlantedBooks) -> None:
    session = books.failed("store")
    with pytest.raises(psycopg.errors.UniqueViolation, match="unique_credit_transaction_request"):
        books.refund_store(session.try_on.request_id)
    assert books.audit().balanced


def test_a_user_who_fails_their_own_session_has_paid_for_nothing(books: PlantedBooks) -> None:
    session = books.queued("b2c")
    session.claim()
    books.edit_row(session, FAILED)
    assert not session.renew(1)
    assert session.fail(1) == "already_ended"
    assert found(books) == {ImbalanceKind.REFUND_MISSING}


def test_a_user_who_fails_and_reopens_their_own_session_gets_the_credit_back_once(
    books: PlantedBooks,
) -> None:
    session = books.queued("b2c")
    books.edit_row(session, FAILED)
    books.edit_row(session, "status = 'queued'")
    assert session.stuck()
    assert session.fail(None) == "refunded"
    assert books.audit().balanced


def test_a_user_who_hides_a_session_behind_failed_is_found_with_an_unpaid_one(books: PlantedBooks) -> None:
    session = books.queued("b2c")
    books.edit_row(session, FAILED)
    assert made_up(books).fail(None) == "refunded"
    books.edit_row(session, "status = 'queued'")
    session.claim()
    assert session.complete(1)
    assert found(books) == {ImbalanceKind.UNPAID_SESSION}


def test_a_user_who_calls_a_running_session_completed_leaves_it_to_the_books(books: PlantedBooks) -> None:
    session = books.queued("b2c")
    session.claim(lease_s=0)
    books.edit_row(session, "status = 'completed', generated_image_url = 'https://x'")
    assert not session.stuck()
    assert session.claim() == (None, "ended")
    assert session.fail(None) == "already_ended"
    assert found(books) == {ImbalanceKind.ROW_DISAGREES}


def test_a_session_that_was_given_away_pays_nobody(books: PlantedBooks) -> None:
    session = books.queued("b2c")
    books.edit_row(session, f"user_id = '{uuid4()}'")
    assert session.stuck()
    assert session.fail(None) == "not_charged"
    books.age_deductions()
    assert found(books) == {ImbalanceKind.DEDUCTION_WITHOUT_SESSION}


def test_a_session_that_was_given_away_does_not_take_the_credit_of_a_session_of_its_new_owner(
    books: PlantedBooks,
) -> None:
    waiting, other = books.queued("b2c"), books.producer.add_user(5)
    try_on = books.try_on("b2c")
    books.producer.insert_session(try_on)
    given = SessionFunctions(books.database, try_on)
    books.edit_row(given, f"user_id = '{other}'")
    books.edit_row(given, f"user_id = '{books.user}'")
    assert given.fail(None) == "not_charged"
    assert waiting.fail(None) == "refunded"
    assert books.audit().balanced
