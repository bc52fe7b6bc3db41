"""How a try-on ends when storage or the database fails: nothing is paid twice and nothing is lost."""

from collections.abc import Mapping
from http import HTTPStatus

import httpx
import pytest
from served_shop import ServedShop
from shop import CREDITS, Outcome, Shop

from wearon_devkit.producer import TryOn
from wearon_devkit.supabase_local.faults import Kind

OUR_SIDE = "Something went wrong on our side. You were not charged. Please try again."
COMPLETED = Outcome("completed", None, balance=CREDITS - 1, refunds=0, provider_calls=1)
MADE_AT_THE_SECOND_CALL = Outcome("completed", None, balance=CREDITS - 1, refunds=0, provider_calls=2)
NOT_STORED = Outcome("failed", OUR_SIDE, balance=CREDITS, refunds=1, provider_calls=1)

PASSING = [Kind.UNAVAILABLE, Kind.BAD_GATEWAY, Kind.CUT, Kind.CUT_AFTER_COMMIT]
STORAGE = {
    "upload": "/storage/v1/object/images/generated/{owner}/{session}.jpg",
    "sign": "/storage/v1/object/sign/images/generated/{owner}/{session}.jpg",
}
FUNCTIONS = (
    "claim_generation",
    "complete_generation",
    "fail_and_refund_generation",
    "requeue_generation",
)


def asked(shop: Shop, fault: str | None = None, times: int | None = None) -> TryOn:
    """A try-on to be submitted, whose provider calls a fault befalls."""
    try_on = shop.try_on()
    if fault:
        shop.script(try_on, fault, times=times)
    return try_on


def with_bad_storage(shop: Shop, call: str, kind: Kind, count: int = 1) -> TryOn:
    """A try-on to be submitted, whose own storage calls a fault befalls."""
    try_on = asked(shop)
    path = STORAGE[call].format(owner=try_on.owner_id, session=try_on.session_id)
    shop.break_supabase(path, kind, count=count)
    return try_on


@pytest.fixture(scope="module")
def try_ons(served: ServedShop) -> Mapping[str, TryOn]:
    """All of them at once, while each database function fails once in every way for whoever calls it."""
    shop = served.shop
    cases = {f"{call} {kind}": with_bad_storage(shop, call, kind) for call in STORAGE for kind in PASSING}
    cases |= {f"{call} for ever": with_bad_storage(shop, call, Kind.UNAVAILABLE, 100) for call in STORAGE}
    cases |= {f"blocked {number}": asked(shop, "moderation_blocked") for number in range(4)}
    cases |= {f"throttled {number}": asked(shop, "slow_down", times=1) for number in range(4)}
    for function in FUNCTIONS:
        for kind in PASSING:
            shop.break_supabase(f"/rest/v1/rpc/{function}", kind)
    for try_on in cases.values():
        shop.producer.submit(try_on)
    shop.wait_until_ended(*cases.values())
    return cases


def outcomes(shop: Shop, try_ons: Mapping[str, TryOn], kind: str) -> list[Outcome]:
    return [shop.outcome(try_on) for case, try_on in try_ons.items() if kind in case]


@pytest.mark.parametrize("kind", PASSING)
@pytest.mark.parametrize("call", STORAGE)
def test_storage_that_fails_once_costs_no_second_image(
    shop: Shop, try_ons: Mapping[str, TryOn], call: str, kind: Kind
) -> None:
    try_on = try_ons[f"{call} {kind}"]
    assert shop.outcome(try_on) == COMPLETED
    answer = httpx.get(shop.row(try_on)["generated_image_url"], trust_env=False)
    assert answer.status_code == HTTPStatus.OK


def test_storage_that_stays_away_refunds(shop: Shop, try_ons: Mapping[str, TryOn]) -> None:
    assert outcomes(shop, try_ons, "for ever") == [NOT_STORED] * 2


def test_a_refund_whose_answer_is_lost_is_paid_once(shop: Shop, try_ons: Mapping[str, TryOn]) -> None:
    paid_back = {(end.status, end.balance, end.refunds) for end in outcomes(shop, try_ons, "blocked")}
    assert paid_back == {("failed", CREDITS, 1)}


def test_a_requeue_whose_answer_is_lost_is_done_once(shop: Shop, try_ons: Mapping[str, TryOn]) -> None:
    assert outcomes(shop, try_ons, "throttled") == [MADE_AT_THE_SECOND_CALL] * 4


def test_every_fault_has_struck(shop: Shop, try_ons: Mapping[str, TryOn]) -> None:
    functions = [fault for fault in shop.armed_faults() if "/rpc/" in fault["path_prefix"]]
    assert functions == []
