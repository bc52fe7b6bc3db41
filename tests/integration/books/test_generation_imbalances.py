"""The count of what is wrong with the money of recent sessions."""

from collections.abc import Callable, Iterator

import pytest
from integration.books import refund_plants
from integration.books.planted import Planted
from planted_books import PlantedBooks, planted_books

KINDS = {"refund_failed", "refund_missing", "refund_in_excess", "lease_ran_out", "overage_to_review"}
PLANTS: dict[Callable[[PlantedBooks], Planted], str] = {
    refund_plants.a_refund_that_the_platform_refused: "refund_failed",
    refund_plants.a_refund_that_lost_its_record: "refund_missing",
    refund_plants.a_recorded_user_refund_that_moved_nothing: "refund_missing",
    refund_plants.a_recorded_store_refund_that_moved_nothing: "refund_missing",
    refund_plants.a_user_refunded_twice: "refund_in_excess",
    refund_plants.a_user_with_other_sessions_refunded_twice: "refund_in_excess",
}


@pytest.fixture
def books(database_url: str, redis_url: str) -> Iterator[PlantedBooks]:
    with planted_books(database_url, redis_url) as books:
        yield books


def imbalances(books: PlantedBooks, window_s: float = 86_400, patience_s: float = 0) -> dict[str, int]:
    """Ask as the consumer does; every kind must be told."""
    statement = "select kind, imbalances from public.generation_imbalances(%s, %s)"
    told = dict(books.database.execute(statement, [window_s, patience_s]).fetchall())
    assert told.keys() == KINDS
    return {kind: count for kind, count in told.items() if count}


def test_sessions_that_ended_as_they_should_are_no_imbalance(books: PlantedBooks) -> None:
    for kind in ("b2c", "store", "shopper", "nobody"):
        books.completed(kind)
        books.failed(kind)
        books.queued(kind).claim()
    assert imbalances(books) == {}


@pytest.mark.parametrize(("plant", "kind"), PLANTS.items())
def test_an_imbalance_is_counted_as_its_kind(
    books: PlantedBooks, plant: Callable[[PlantedBooks], Planted], kind: str
) -> None:
    books.failed("b2c")
    books.failed("store")
    books.completed("b2c")
    if plant is refund_plants.a_recorded_user_refund_that_moved_nothing:  # it takes all of the user's
        plant(books)
        assert imbalances(books) == {kind: 2}
        return
    plant(books)
    assert imbalances(books) == {kind: 1}


def test_an_overage_is_counted_until_somebody_has_looked(books: PlantedBooks) -> None:
    books.failed("overage")
    assert imbalances(books) == {"overage_to_review": 1}


def test_a_lease_counts_when_it_ran_out_and_nobody_ended_the_session(books: PlantedBooks) -> None:
    books.queued("b2c").claim(lease_s=-60)
    books.queued("store").claim(lease_s=60)
    ended = books.queued("b2c")
    ended.claim(lease_s=-60)
    books.edit_row(ended, "status = 'failed'")
    assert imbalances(books) == {"lease_ran_out": 1}
    assert imbalances(books, patience_s=120) == {}


def test_what_the_app_refunds_and_fails_itself_is_no_excess(books: PlantedBooks) -> None:
    books.failed("b2c")
    theirs = books.queued("b2c")
    books.refund_user()
    books.edit_row(theirs, "status = 'failed'")
    assert imbalances(books) == {}


def test_the_young_and_the_old_do_not_count(books: PlantedBooks) -> None:
    refund_plants.a_refund_that_lost_its_record(books)
    assert imbalances(books, patience_s=60) == {}
    books.execute("update wearon.generations set ended_at = ended_at - interval '2 days'")
    books.execute("update wearon.refunds set recorded_at = recorded_at - interval '2 days'")
    assert imbalances(books) == {}
