"""What a chaos run must not overlook is planted where one has ended, and the judgement finds it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest
from integration.chaos.chaos_aftermath import EndedChaos, ended_chaos
from integration.chaos.chaos_plants import PLANTS, Plant, a_second_refund, a_session_that_nothing_will_end
from rich.console import Console

from wearon_devkit.books import ImbalanceKind
from wearon_devkit.chaos.judgement import judge
from wearon_devkit.chaos.report import show
from wearon_devkit.chaos.schedule import Arrival
from wearon_devkit.environment import Environment

REFUND_MISSING = ImbalanceKind.REFUND_MISSING
REFUNDED_TWICE = ImbalanceKind.REFUNDED_TWICE
REFUND_OF_UNFAILED = ImbalanceKind.REFUND_OF_UNFAILED_SESSION
ROW_DISAGREES = ImbalanceKind.ROW_DISAGREES
WITHOUT_IMAGE = ImbalanceKind.COMPLETED_WITHOUT_IMAGE
WITHOUT_SESSION = ImbalanceKind.DEDUCTION_WITHOUT_SESSION


@pytest.fixture
def chaos(platform: Environment) -> Iterator[EndedChaos]:
    with ended_chaos(platform) as chaos:
        yield chaos


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.__name__)
def test_the_judgement_finds(chaos: EndedChaos, plant: Plant) -> None:
    assert judge(chaos.look_back()).broken_promises == []
    expected = plant(chaos)
    assert judge(chaos.look_back()).broken_promises == expected


@pytest.mark.parametrize("kind", ["b2c", "store"])
@pytest.mark.parametrize(
    ("arrival", "kinds"),
    [
        (Arrival.TAKEN_BACK, {REFUND_OF_UNFAILED, ROW_DISAGREES}),
        (Arrival.REOPENED, {ROW_DISAGREES}),
        (Arrival.CALLED_FAILED, {ROW_DISAGREES}),
        (Arrival.GIVEN_AWAY, {ROW_DISAGREES}),
    ],
)
def test_what_others_do_to_an_image_is_not_laid_at_our_door(
    chaos: EndedChaos, kind: str, arrival: Arrival, kinds: set[ImbalanceKind]
) -> None:
    chaos.rewrite(arrival, chaos.completed(kind))
    assert_excused(chaos, arrival, kinds)


@pytest.mark.parametrize(
    ("kind", "arrival", "kinds"),
    [
        ("store", Arrival.UNINSTALLED, {REFUND_MISSING}),
        ("b2c", Arrival.CALLED_FAILED, {REFUND_MISSING}),
        ("b2c", Arrival.CALLED_DONE, {WITHOUT_IMAGE}),
        ("b2c", Arrival.CLEANED_UP, set()),
        ("shopper", Arrival.TAKEN_BACK, set()),
    ],
)
def test_what_others_end_before_us_is_not_laid_at_our_door(
    chaos: EndedChaos, kind: str, arrival: Arrival, kinds: set[ImbalanceKind]
) -> None:
    session = chaos.rewrite(arrival, chaos.waiting(kind))
    assert session.claim() == (None, "ended")
    assert_excused(chaos, arrival, kinds)


@pytest.mark.parametrize("kind", ["b2c", "shopper"])
def test_the_credit_of_a_session_that_changed_hands_before_us_is_not_laid_at_our_door(
    chaos: EndedChaos, kind: str
) -> None:
    session = chaos.rewrite(Arrival.GIVEN_AWAY, chaos.waiting(kind))
    assert session.claim() == (None, "owner_mismatch")
    assert session.fail(None) == "not_charged"
    assert_excused(chaos, Arrival.GIVEN_AWAY, {WITHOUT_SESSION})


def test_a_clean_up_that_pays_after_us_is_not_laid_at_our_door(chaos: EndedChaos) -> None:
    session = chaos.claimed()
    clean_up = chaos.begin(Arrival.CLEANED_UP, session)
    assert next(clean_up) is None
    assert session.fail(1) == "refunded"
    chaos.finish(clean_up, session)
    assert_excused(chaos, Arrival.CLEANED_UP, {REFUNDED_TWICE})
    assert judge(chaos.look_back()).double_refunds.by_others == {session.try_on.session_id}


def test_a_second_provider_call_without_a_fault_or_a_redelivery_is_found(chaos: EndedChaos) -> None:
    call = {"client_request_id": chaos.completed().try_on.request_id, "fault": None}
    aftermath = replace(chaos.look_back(), provider_calls=[call, call])
    assert judge(aftermath).broken_promises == ["1 provider calls that nothing explains"]


def test_the_report_says_what_others_did_and_names_what_is_wrong(chaos: EndedChaos) -> None:
    chaos.rewrite(Arrival.REOPENED, chaos.completed())
    a_second_refund(chaos)
    a_session_that_nothing_will_end(chaos)
    report = " ".join(shown(chaos).split())
    lost, twice = chaos.arrived.try_ons[-1].session_id, chaos.arrived.try_ons[-2].session_id
    for fact in (
        "stuck 0 lost 1 without an image 0 double refunds 1, and 0 by the app alone",
        "books, b2c 5 deducted = 2 completed + 4 refunded + 0 live -1 by the imbalances",
        "imbalances 1, and 1 that other writers explain",
        "taken back by the app 3 balanced",
        "reopened by its user 1 1 row_disagrees",
        f"lost: {lost}",
        f"refunded twice by us: {twice}",
    ):
        assert fact in report, report


def assert_excused(chaos: EndedChaos, arrival: Arrival, kinds: set[ImbalanceKind]) -> None:
    verdict = judge(chaos.look_back())
    assert verdict.broken_promises == []
    assert verdict.excused == ({arrival: Counter(kinds)} if kinds else {})


def shown(chaos: EndedChaos) -> str:
    console = Console(width=200)
    aftermath = chaos.look_back()
    with console.capture() as captured:
        show(aftermath, judge(aftermath), console)
    return captured.get()
