"""What happens to entries that are no tasks."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from integration.consumer.dispatching_shop import DispatchingShop, dispatching_shop
from shop import CREDITS, Outcome

from wearon_common.channel import Channel
from wearon_devkit.backing import Backing
from wearon_devkit.producer import task_of

NOT_STARTED = "Something went wrong with this request and we could not start it. You were not charged."
REFUNDED = Outcome("failed", NOT_STARTED, balance=CREDITS, refunds=1, provider_calls=0)

Task = dict[str, Any]

NO_TASKS = {
    "nothing": (b"", "Invalid JSON: EOF"),
    "not JSON": (b"hello", "Invalid JSON: expected value"),
    "half a task": (b'{"channel": "b2c"', "Invalid JSON: EOF"),
    "not UTF-8": (b"\xff\xfe\x00", "Invalid JSON: expected value"),
    "a list": (b"[1]", "Input should be an object"),
    "a nested bomb": (b"[" * 100_000, "Invalid JSON: recursion limit exceeded"),
    "a nested bomb of objects": (b'{"a":' * 100_000, "Invalid JSON: recursion limit exceeded"),
    "an endless number": (b'{"version":' + b"1" * 5_000 + b"}", "Invalid JSON: number out of range"),
}
SPOILED: dict[str, tuple[Callable[[Task], Task], str]] = {
    "unknown version": (lambda task: task | {"version": 2}, "version: unsupported"),
    "no owner": (lambda task: task | {"user_id": None, "store_id": None}, "is required for channel"),
    "the other owner too": (lambda task: task | {"user_id": "u", "store_id": "s"}, "does not belong to"),
    "a number for a prompt": (lambda task: task | {"prompt": 7}, "prompt: Input should be a valid string"),
    "no images": (lambda task: task | {"image_urls": []}, "image_urls: Tuple should have at least 1 item"),
    "100,000 wrong images": (lambda task: task | {"image_urls": [7] * 100_000}, "image_urls.0: Input should"),
    "an unreadable time": (lambda task: task | {"created_at": "yesterday"}, "created_at: Input should"),
    "a request id of another type": (lambda task: task | {"request_id": 7}, "request_id: Input should"),
}


@pytest.fixture(scope="module")
def desk(backing: Backing, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DispatchingShop]:
    with dispatching_shop(backing, tmp_path_factory.mktemp("dead-letters")) as desk:
        yield desk


def bury(desk: DispatchingShop, entry: str | bytes) -> dict[str, str]:
    """Push an entry and give the dead letter that it becomes."""
    before = len(desk.shop.dead_letters())
    desk.shop.producer.push(entry)
    desk.consumer.wait_until(lambda: len(desk.shop.dead_letters()) == before + 1)
    return desk.shop.dead_letters()[0]


@pytest.mark.parametrize("case", NO_TASKS)
def test_what_is_no_task_is_buried_with_its_reason(desk: DispatchingShop, case: str) -> None:
    entry, detail = NO_TASKS[case]
    letter = bury(desk, entry)
    assert letter["reason"] == "invalid_task"
    assert letter["detail"].startswith(detail)
    assert letter["entry"] == entry.decode(errors="backslashreplace")


@pytest.mark.parametrize("channel", list(Channel))
@pytest.mark.parametrize("case", SPOILED)
def test_a_spoiled_task_is_buried_and_its_session_refunded(
    desk: DispatchingShop, case: str, channel: Channel
) -> None:
    spoil, detail = SPOILED[case]
    try_on = desk.shop.pay(desk.shop.try_on(channel))
    letter = bury(desk, json.dumps(spoil(task_of(try_on))))
    assert detail in letter["detail"]
    assert len(letter["detail"]) < 1_000
    assert desk.shop.outcome(try_on) == REFUNDED


def test_a_spoiled_task_that_is_pushed_twice_is_refunded_once(desk: DispatchingShop) -> None:
    try_on = desk.shop.pay(desk.shop.try_on(Channel.B2B))
    entry = json.dumps(task_of(try_on) | {"version": 2})
    bury(desk, entry)
    bury(desk, entry)
    assert desk.shop.outcome(try_on) == REFUNDED


def test_a_dead_letter_is_logged_with_what_it_still_names(desk: DispatchingShop) -> None:
    try_on = desk.shop.pay(desk.shop.try_on())
    bury(desk, json.dumps(task_of(try_on) | {"version": 2}))
    [event] = desk.consumer.wait_for_event_of(try_on.session_id, "task_dead_lettered")
    assert (event["request_id"], event["reason"], event["ending"]) == (
        try_on.request_id,
        "invalid_task",
        "refunded",
    )


def test_a_database_that_is_away_loses_no_dead_letter(desk: DispatchingShop) -> None:
    try_on = desk.shop.pay(desk.shop.try_on())
    desk.shop.break_supabase("/rest/v1/rpc/fail_and_refund_generation", "cut_after_commit", count=1)
    bury(desk, json.dumps(task_of(try_on) | {"version": 2}))
    assert desk.shop.outcome(try_on) == REFUNDED
