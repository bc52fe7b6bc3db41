"""One attempt at a time, and none for a session that has ended."""

import json
from uuid import uuid4

import pytest
from served_shop import ServedShop
from shop import CREDITS, Outcome, Shop

from wearon_common.channel import Channel
from wearon_devkit.producer import TryOn, task_of

COMPLETED = Outcome("completed", None, balance=CREDITS - 1, refunds=0, provider_calls=1)


def push(shop: Shop, *tasks: dict[str, object]) -> None:
    for task in tasks:
        shop.producer.push(json.dumps(task))


def wait_for_refusals(served: ServedShop, try_on: TryOn, count: int) -> list[str]:
    """Wait until `count` tasks of a session have been refused; give the reasons."""
    events = served.generator.wait_for_event_of(try_on.session_id, "claim_refused", count)
    return [event["reason"] for event in events]


@pytest.mark.parametrize("channel", list(Channel))
def test_a_task_that_is_pushed_three_times_is_made_once(served: ServedShop, channel: Channel) -> None:
    shop = served.shop
    try_on = shop.pay(shop.try_on(channel))
    push(shop, *[task_of(try_on)] * 3)
    assert len(wait_for_refusals(served, try_on, 2)) == 2
    assert shop.outcome(try_on) == COMPLETED


def test_two_tasks_for_one_session_make_one_image(served: ServedShop) -> None:
    shop = served.shop
    try_on = shop.pay(shop.try_on())
    push(shop, task_of(try_on), task_of(try_on))
    assert len(wait_for_refusals(served, try_on, 1)) == 1
    assert shop.outcome(try_on) == COMPLETED


def test_a_task_of_a_completed_session_does_nothing(served: ServedShop) -> None:
    shop = served.shop
    try_on = shop.submit()
    before = shop.outcome(try_on)
    push(shop, task_of(try_on))
    assert wait_for_refusals(served, try_on, 1) == ["ended"]
    assert shop.outcome(try_on) == before == COMPLETED


def test_a_task_whose_session_the_producer_has_failed_does_nothing(served: ServedShop) -> None:
    shop = served.shop
    try_on = shop.pay(shop.try_on())
    statement = "update public.generation_sessions set status = 'failed' where id = %s"
    shop.database.execute(statement, [try_on.session_id])
    push(shop, task_of(try_on))
    assert wait_for_refusals(served, try_on, 1) == ["ended"]
    assert shop.outcome(try_on) == Outcome("failed", None, CREDITS - 1, refunds=0, provider_calls=0)


def test_a_task_that_names_another_owner_does_nothing(served: ServedShop) -> None:
    shop = served.shop
    try_on = shop.pay(shop.try_on())
    push(shop, {**task_of(try_on), "user_id": str(uuid4())})
    assert wait_for_refusals(served, try_on, 1) == ["owner_mismatch"]
    assert shop.row(try_on)["status"] == "queued"


@pytest.mark.parametrize(
    "session_id", ["0b0e5a3c-5f0e-4f39-9d5a-6f6d3ad0c1ff", "session-123", "\u0000", "7" * 5_000]
)
def test_a_task_of_a_session_that_nobody_knows_is_done_with(served: ServedShop, session_id: str) -> None:
    request_id = f"req_{uuid4()}"
    push(
        served.shop,
        {**task_of(served.shop.try_on()), "session_id": session_id, "request_id": request_id},
    )

    def reasons() -> list[str]:
        refusals = served.generator.events("claim_refused")
        return [event["reason"] for event in refusals if event["request_id"] == request_id]

    served.generator.wait_until(lambda: bool(reasons()))
    assert reasons() == ["unknown_session"]
