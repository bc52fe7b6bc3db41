"""Every number that the consumer shows is there from the start, and moves when its fact happens."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from integration.consumer.dispatching_shop import DispatchingShop, dispatching_shop
from scrape import Scrape
from service_process import ServiceProcess, service

from wearon_common import keys
from wearon_common.channel import Channel
from wearon_consumer.entry import digest
from wearon_devkit.backing import Backing
from wearon_devkit.producer import task_of

QUICK = {
    "CONSUMER_HEARTBEAT_SECONDS": "1",
    "SWEEP_INTERVAL_SECONDS": "0.3",
    "SWEEP_GRACE_SECONDS": "600",
    "BOOKS_INTERVAL_SECONDS": "0.3",
}
AN_HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def desk(backing: Backing, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DispatchingShop]:
    with dispatching_shop(backing, tmp_path_factory.mktemp("desk"), **QUICK) as desk:
        yield desk


def wait_for_value(consumer: ServiceProcess, value: float, name: str, **labels: str) -> Scrape:
    """Scrape until a sample has that value; give the scrape."""
    consumer.wait_until(lambda: Scrape.of(consumer.url).value(name, **labels) == value)
    return Scrape.of(consumer.url)


def wait_for_more(before: Scrape, consumer: ServiceProcess, more: float, name: str, **labels: str) -> Scrape:
    """Scrape until a sample has grown by that much; tell by how much each has."""
    expected = before.value(name, **labels) + more
    return wait_for_value(consumer, expected, name, **labels).since(before)


def test_every_counter_is_there_with_zero_before_anything_happens(desk: DispatchingShop) -> None:
    shown = Scrape.of(desk.consumer.url)
    of_its_own = ("task", "refunds", "dead_letters", "entries", "sessions", "consumer", "periodic", "retries")
    counted = [name for name, _ in shown.samples if name.startswith(tuple(f"wearon_{n}" for n in of_its_own))]
    assert len(counted) > 50
    assert not any(shown.moved(name) for name in counted if name.endswith("_total"))
    assert shown.value("wearon_build_info", service="wearon-consumer") == 1


def test_a_dispatched_task_is_counted_with_its_age(desk: DispatchingShop) -> None:
    before = Scrape.of(desk.consumer.url)
    for channel in Channel:
        task = task_of(desk.shop.try_on(channel)) | {"created_at": (datetime.now(UTC) - AN_HOUR).isoformat()}
        desk.shop.producer.push(json.dumps(task))
    wait_for_more(before, desk.consumer, 1, "wearon_tasks_dispatched_total", channel="b2c")
    moved = wait_for_more(before, desk.consumer, 1, "wearon_tasks_dispatched_total", channel="b2b")
    ages = moved.moved("wearon_task_age_seconds_sum")
    assert {key: round(age, -2) for key, age in ages.items()} == {
        ("b2c", "dispatched"): 3600,
        ("b2b", "dispatched"): 3600,
    }


def test_dead_letters_and_their_refunds_are_counted(desk: DispatchingShop) -> None:
    shop, consumer = desk
    before = Scrape.of(consumer.url)
    try_on = shop.pay(shop.try_on())
    shop.producer.push(json.dumps(task_of(try_on) | {"version": 2}))
    shop.producer.push("nothing")
    moved = wait_for_more(before, consumer, 2, "wearon_dead_letters_total", reason="invalid_task")
    assert moved.moved("wearon_refunds_total") == {("buried", "b2c", "refunded"): 1}
    assert moved.value("wearon_supabase_calls_total", operation="fail_and_refund", status="ok") == 1
    wait_for_value(consumer, len(shop.dead_letters()), "wearon_dead_letters_kept")


def test_what_a_dead_consumer_left_is_counted_as_recovered(desk: DispatchingShop) -> None:
    shop, consumer = desk
    before = Scrape.of(consumer.url)
    entry = json.dumps(task_of(shop.pay(shop.try_on())))
    shop.redis.hset(keys.RECOVERED, digest(entry.encode()), "2")
    shop.redis.lpush(keys.processing("dead"), entry)
    shop.redis.sadd(keys.CONSUMERS, "dead")
    moved = wait_for_more(before, consumer, 1, "wearon_dead_letters_total", reason="recovered_too_often")
    assert moved.value("wearon_entries_recovered_total") == 1


def test_lost_sessions_are_counted_when_they_are_swept(desk: DispatchingShop) -> None:
    shop, consumer = desk
    before = Scrape.of(consumer.url)
    lost = shop.pay(shop.try_on(Channel.B2B))
    shop.database.execute(
        "update public.store_generation_sessions set created_at = now() - interval '1 hour' where id = %s",
        [lost.session_id],
    )
    moved = wait_for_more(before, consumer, 1, "wearon_sessions_swept_total", channel="b2b")
    assert moved.moved("wearon_refunds_total") == {("swept", "b2b", "refunded"): 1}
    [swept] = consumer.wait_for_event_of(lost.session_id, "session_swept")
    assert swept["request_id"] == lost.request_id
    shown = wait_for_value(consumer, 0, "wearon_sessions_stuck")
    assert shown.value("wearon_sweeper_leader") == 1
    assert shown.value("wearon_swept_timestamp_seconds") > 0


def test_a_refund_that_failed_is_counted_and_puts_the_books_out_of_balance(desk: DispatchingShop) -> None:
    shop, consumer = desk
    before = Scrape.of(consumer.url)
    try_on = shop.pay(shop.try_on())
    shop.database.execute("alter function public.refund_credits rename to gone")
    try:
        shop.producer.push(json.dumps(task_of(try_on) | {"version": 2}))
        moved = wait_for_more(before, consumer, 1, "wearon_books_imbalances", kind="refund_failed")
    finally:
        shop.database.execute("alter function public.gone rename to refund_credits")
    assert moved.moved("wearon_refunds_total") == {("buried", "b2c", "refund_failed"): 1}
    assert Scrape.of(consumer.url).value("wearon_books_checked_timestamp_seconds") > 0


def test_a_consumer_that_does_not_lead_shows_nothing_of_what_the_leader_knows(
    desk: DispatchingShop, tmp_path: Path
) -> None:
    wait_for_value(desk.consumer, 1, "wearon_sweeper_leader")
    with service("consumer", desk.shop.environment, tmp_path, **QUICK) as second:
        shown = wait_for_value(second, 2, "wearon_consumers_alive")
    assert shown.value("wearon_sweeper_leader") == 0
    assert shown.value("wearon_swept_timestamp_seconds") == 0
    assert shown.value("wearon_books_checked_timestamp_seconds") == 0
    assert shown.value("wearon_books_imbalances") == 0


def test_a_database_that_is_away_is_counted(desk: DispatchingShop) -> None:
    before = Scrape.of(desk.consumer.url)
    desk.shop.break_supabase("/rest/v1/rpc/generation_imbalances", "unavailable")
    labels = {"operation": "books", "status": "failed"}
    wait_for_more(before, desk.consumer, 1, "wearon_supabase_calls_total", **labels)
    wait_for_more(before, desk.consumer, 1, "wearon_periodic_failures_total", action="books")


def test_a_turn_of_the_main_loop_that_fails_is_counted(desk: DispatchingShop) -> None:
    before = Scrape.of(desk.consumer.url)
    desk.shop.redis.set(keys.TASKS, "no list")
    try:
        desk.consumer.wait_until(
            lambda: Scrape.of(desk.consumer.url).since(before).value("wearon_consumer_errors_total") > 0
        )
    finally:
        desk.shop.redis.delete(keys.TASKS)
