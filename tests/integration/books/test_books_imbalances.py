"""One imbalance of each kind is planted, and the audit finds that and nothing else."""

from collections.abc import Callable, Iterator

import pytest
from integration.books.imbalance_plants import PLANTS
from integration.books.planted import Planted
from planted_books import PlantedBooks, planted_books, sessions_of

from wearon_devkit.books import ImbalanceKind

CASES = [
    pytest.param(kind, plant, id=f"{kind}-{plant.__name__}")
    for kind, plants in PLANTS.items()
    for plant in plants
]


@pytest.fixture
def books(database_url: str, redis_url: str) -> Iterator[PlantedBooks]:
    """Give books in which other sessions of the same store have ended well."""
    with planted_books(database_url, redis_url) as books:
        books.completed("store")
        books.failed("shopper")
        books.queued("store")
        yield books


@pytest.mark.parametrize(("kind", "plant"), CASES)
def test_the_audit_finds(
    books: PlantedBooks, kind: ImbalanceKind, plant: Callable[[PlantedBooks], Planted]
) -> None:
    assert books.audit().balanced
    planted = plant(books)
    report = books.audit()
    assert [(finding.kind, finding.amount) for finding in report.imbalances] == [(kind, planted.amount)]
    assert sessions_of(*planted.sessions) <= set(report.imbalances[0].session_ids)
    assert report.summary == "audit: 1 imbalance"


def test_every_kind_is_planted() -> None:
    assert set(PLANTS) == set(ImbalanceKind)


def test_two_imbalances_are_counted(books: PlantedBooks) -> None:
    for kind in (ImbalanceKind.REFUND_OF_UNFAILED_SESSION, ImbalanceKind.REFUND_AMOUNT_DIFFERS):
        PLANTS[kind][-1](books)
    assert books.audit().summary == "audit: 2 imbalances"
