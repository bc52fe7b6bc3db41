"""From the producer's list into Celery's queues."""

import json
from collections.abc import Iterator

import pytest
from integration.consumer.dispatching_shop import DispatchingShop, dispatching_shop
from shop import Shop

from wearon_common import keys
from wearon_common.channel import Channel
from wearon_devkit.backing import Backing
from wearon_devkit.producer import TryOn, task_of


@pytest.fixture(scope="module")
def desk(backing: Backing, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DispatchingShop]:
    with dispatching_shop(backing, tmp_path_factory.mktemp("dispatch")) as desk:
        yield desk


def sessions_in(shop: Shop, channel: Channel) -> list[str]:
    return [message["headers"]["session_id"] for message in shop.queued(channel)]


def wait_until_dispatched(desk: DispatchingShop, try_on: TryOn) -> None:
    session_id = str(try_on.session_id)
    desk.consumer.wait_until(lambda: session_id in sessions_in(desk.shop, try_on.channel))


def test_tasks_are_dispatched_in_order_to_the_queue_of_their_channel(desk: DispatchingShop) -> None:
    asked = [desk.shop.try_on(channel) for _ in range(10) for channel in Channel]
    for try_on in asked:
        desk.shop.producer.submit(try_on)
    for try_on in asked[-2:]:
        wait_until_dispatched(desk, try_on)
    for channel in Channel:
        of_channel = [str(try_on.session_id) for try_on in asked if try_on.channel is channel]
        assert sessions_in(desk.shop, channel) == of_channel


def test_a_dispatched_task_leaves_the_consumers_lists(desk: DispatchingShop) -> None:
    wait_until_dispatched(desk, desk.shop.submit())
    redis = desk.shop.redis
    desk.consumer.wait_until(lambda: not list(redis.scan_iter(f"{keys.TASKS}*")))


def test_a_message_carries_the_tasks_own_id_and_its_session_but_shows_nothing_of_it(
    desk: DispatchingShop,
) -> None:
    try_on = desk.shop.pay(desk.shop.try_on(Channel.B2B))
    task = task_of(try_on)
    desk.shop.producer.push(json.dumps(task))
    wait_until_dispatched(desk, try_on)
    headers = desk.shop.queued(Channel.B2B)[-1]["headers"]
    shown = {name: headers[name] for name in ("id", "session_id", "argsrepr", "kwargsrepr")}
    assert shown == {
        "id": task["task_id"],
        "session_id": str(try_on.session_id),
        "argsrepr": "(task,)",
        "kwargsrepr": "{}",
    }
    assert task["prompt"] not in json.dumps(headers)


def test_the_log_tells_which_task_went_where(desk: DispatchingShop) -> None:
    try_on = desk.shop.submit(Channel.B2B)
    [event] = desk.consumer.wait_for_event_of(try_on.session_id, "task_dispatched")
    assert (event["request_id"], event["channel"], event["queue"]) == (
        try_on.request_id,
        "b2b",
        "generation.b2b",
    )


def test_a_healthy_consumer_says_so(desk: DispatchingShop) -> None:
    answer = desk.consumer.health()
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")
