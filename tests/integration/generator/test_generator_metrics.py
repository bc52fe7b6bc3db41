"""Every number that the generator shows is there from the start, and moves when its fact happens."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from scrape import Scrape
from served_shop import ServedShop, served_shop

from wearon_common.channel import Channel
from wearon_devkit.producer import TryOn, task_of

FINAL_FAULTS = (
    "moderation_blocked",
    "invalid_request",
    "insufficient_quota",
    "invalid_api_key",
    "model_not_found",
)
PASSING_FAULTS = ("server_error", "not_json", "hang", "slow_down")


@dataclass(frozen=True)
class Day:
    """What a generator showed before and after a day on which everything happened."""

    before: Scrape
    after: Scrape

    def moved(self, name: str) -> dict[tuple[str, ...], float]:
        return self.after.since(self.before).moved(name)


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    settings = {"OPENAI_TIMEOUT_SECONDS": "2", "WORKER_CONCURRENCY": "4", "WEARON_VERSION": "1.2.3"}
    with served_shop(tmp_path_factory.mktemp("day"), **settings) as served:
        before = Scrape.of(served.generator.url)
        live_through(served)
        yield Day(before, Scrape.of(served.generator.url))


def live_through(served: ServedShop) -> None:
    """Have five tasks fail, six succeed, of which four in the end only, and one come twice."""
    shop = served.shop
    fine = [shop.submit(Channel.B2C), shop.submit(Channel.B2B)]
    hopeless = [faulty(served, Channel.B2C, fault) for fault in FINAL_FAULTS]
    lucky = [faulty(served, Channel.B2B, fault, times=1) for fault in PASSING_FAULTS]
    lost = shop.submit(image_urls=[f"{shop.environment.supabase_url}/nothing.jpg"])
    shop.wait_until_ended(*fine, *hopeless, *lucky, lost)
    push(served, fine[0])
    served.generator.wait_for_event_of(fine[0].session_id, "claim_refused")


def faulty(served: ServedShop, channel: Channel, fault: str, times: int | None = None) -> TryOn:
    try_on = served.shop.pay(served.shop.try_on(channel))
    served.shop.script(try_on, fault, times=times)
    push(served, try_on)
    return try_on


def push(served: ServedShop, try_on: TryOn) -> None:
    served.shop.producer.push(json.dumps(task_of(try_on)))


def test_every_counter_is_there_with_zero_before_anything_happens(day: Day) -> None:
    counted = [
        name for name, _labels in day.before.samples if name.startswith("wearon_") and "_total" in name
    ]
    assert len(counted) > 100
    assert not any(day.before.moved(name) for name in counted)


def test_tasks_are_counted_by_channel_outcome_and_reason(day: Day) -> None:
    assert day.moved("wearon_tasks_total") == {
        ("b2c", "completed", "none"): 1,
        ("b2b", "completed", "none"): 5,
        ("b2b", "retried", "throttled"): 1,
        ("b2c", "skipped", "ended"): 1,
        ("b2c", "failed", "moderation_blocked"): 1,
        ("b2c", "failed", "provider_rejected"): 1,
        ("b2c", "failed", "provider_quota_exhausted"): 1,
        ("b2c", "failed", "provider_misconfigured"): 2,
        ("b2c", "failed", "image_unreachable"): 1,
    }
    assert day.after.value("wearon_tasks_in_progress") == 0


def test_ages_are_observed_at_each_step(day: Day) -> None:
    assert day.moved("wearon_task_age_seconds_count") == {
        ("b2c", "claimed"): 7,
        ("b2b", "claimed"): 6,
        ("b2c", "called"): 6,
        ("b2b", "called"): 9,
        ("b2c", "completed"): 1,
        ("b2b", "completed"): 5,
        ("b2c", "failed"): 6,
    }
    assert day.after.value("wearon_task_age_seconds_bucket", step="completed", le="45.0") == 6
    assert day.after.value("wearon_task_age_seconds_bucket", step="completed", le="60.0") == 6


def test_provider_calls_are_counted_by_status(day: Day) -> None:
    expected = {
        ("ok",): 6,
        ("throttled",): 1,
        ("unavailable",): 1,
        ("timeout",): 1,
        ("bad_answer",): 1,
        ("moderation_blocked",): 1,
        ("bad_request",): 1,
        ("quota",): 1,
        ("auth",): 1,
        ("model_gone",): 1,
    }
    assert day.moved("wearon_provider_calls_total") == expected
    assert day.moved("wearon_provider_call_seconds_count") == expected


def test_tokens_and_dollars_are_those_of_the_finished_images(day: Day) -> None:
    tokens = day.moved("wearon_provider_tokens_total")
    text, image, output = (tokens[kind,] for kind in ("input_text", "input_image", "output"))
    assert all(count > 0 and count % 6 == 0 for count in (image, output))
    dollars = day.moved("wearon_provider_cost_usd_total")
    assert sum(dollars.values()) == pytest.approx((text * 5 + image * 8 + output * 30) / 1e6)
    assert dollars["b2b",] == pytest.approx(5 * dollars["b2c",], rel=0.01)


def test_every_call_has_its_permit(day: Day) -> None:
    assert day.moved("wearon_limiter_permits_total") == {(): 15}
    assert day.moved("wearon_limiter_wait_seconds_count") == {(): 15}
    assert day.after.value("wearon_limiter_waiting") == 0
    assert day.after.value("wearon_limiter_rate_limit") == 6000


def test_retries_are_counted_by_whose_fault_they_are(day: Day) -> None:
    retries = day.moved("wearon_retries_total")
    assert retries["provider",] == 1
    assert retries["provider_outcome_unknown",] == 2


def test_what_was_charged_is_counted_as_refunded(day: Day) -> None:
    assert day.moved("wearon_refunds_total") == {("failed", "b2c", "refunded"): 6}


def test_supabase_calls_are_counted_by_operation_and_status(day: Day) -> None:
    calls = day.moved("wearon_supabase_calls_total")
    assert calls == {
        ("claim", "ok"): 14,
        ("complete", "ok"): 6,
        ("fail_and_refund", "ok"): 6,
        ("requeue", "ok"): 1,
        ("upload", "ok"): 6,
        ("sign", "ok"): 6,
    }
    assert day.moved("wearon_supabase_call_seconds_count") == {
        (operation,): count for (operation, _status), count in calls.items()
    }


def test_it_says_what_it_is(day: Day) -> None:
    assert day.after.value("wearon_build_info", service="wearon-generator", version="1.2.3") == 1
    assert day.after.value("wearon_worker_concurrency") == 4
    assert day.after.value("process_resident_memory_bytes") > 0
