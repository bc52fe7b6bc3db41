"""What the generator shows of tasks that it leaves to somebody else."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from publishing import publish
from scrape import Scrape
from served_shop import SHORT_WAITS
from service_process import ServiceProcess, service
from shop import Shop

from wearon_common import keys
from wearon_devkit.environment import Environment

PATIENT = {**SHORT_WAITS, "OPENAI_TIMEOUT_SECONDS": "60"}
AN_HOUR = timedelta(hours=1)


@pytest.fixture
def shop(platform: Environment) -> Iterator[Shop]:
    with Shop.opened(platform) as shop:
        yield shop


def wait_for_tasks(generator: ServiceProcess, expected: dict[tuple[str, ...], float]) -> Scrape:
    """Scrape until the deliveries that came to an end are these; give the scrape."""
    generator.wait_until(lambda: Scrape.of(generator.url).moved("wearon_tasks_total") == expected)
    return Scrape.of(generator.url)


def fail_during_the_call(shop: Shop, generator: ServiceProcess, latency_s: float) -> None:
    """Have somebody else end a session while the provider works on it."""
    try_on = shop.pay(shop.try_on())
    shop.script(try_on, "slow", latency_s=latency_s)
    publish(shop, try_on)
    generator.wait_until(lambda: shop.fault_has_struck(try_on))
    shop.producer.set_status(try_on, "failed")


def test_a_task_whose_lease_is_lost_is_left_and_its_call_cancelled(shop: Shop, tmp_path: Path) -> None:
    with service(
        "generator", shop.environment, tmp_path, **PATIENT, GENERATION_LEASE_SECONDS="1"
    ) as generator:
        fail_during_the_call(shop, generator, latency_s=30)
        shown = wait_for_tasks(generator, {("b2c", "left", "lease_lost"): 1})
    assert shown.moved("wearon_provider_calls_total") == {("cancelled",): 1}
    assert shown.value("wearon_refunds_total") == 0


def test_an_image_that_comes_too_late_is_left_and_paid(shop: Shop, tmp_path: Path) -> None:
    with service("generator", shop.environment, tmp_path, **PATIENT) as generator:
        fail_during_the_call(shop, generator, latency_s=2)
        shown = wait_for_tasks(generator, {("b2c", "left", "came_too_late"): 1})
    assert shown.moved("wearon_provider_calls_total") == {("ok",): 1}
    assert shown.value("wearon_provider_cost_usd_total", channel="b2c") > 0
    assert shown.value("wearon_refunds_total") == 0


def test_a_claim_that_the_database_refuses_is_counted_as_a_retry(shop: Shop, tmp_path: Path) -> None:
    wrong_key = replace(shop.environment, supabase_service_role_key="sb_secret_wrong")
    publish(shop, shop.pay(shop.try_on()))
    with service("generator", wrong_key, tmp_path) as generator:
        shown = wait_for_tasks(generator, {("b2c", "retried", "claim_failed"): 1})
    assert shown.moved("wearon_supabase_calls_total") == {("claim", "refused"): 5}
    assert shown.moved("wearon_retries_total") == {("supabase",): 4}


def test_calls_that_get_no_permit_are_counted(shop: Shop, tmp_path: Path) -> None:
    [seconds, _microseconds] = shop.redis.time()
    shop.redis.set(keys.PROVIDER_PAUSED_UNTIL, int(seconds + AN_HOUR.total_seconds()) * 1_000_000)
    with service("generator", shop.environment, tmp_path, OPENAI_MAX_RETRIES="0") as generator:
        shop.wait_until_ended(publish(shop, shop.pay(shop.try_on())))
        shown = wait_for_tasks(generator, {("b2c", "failed", "provider_unavailable"): 1})
    assert shown.value("wearon_limiter_refusals_total") == 1
    assert shown.value("wearon_limiter_permits_total") == 0
    assert shown.moved("wearon_provider_calls_total") == {}


@contextmanager
def nobody_may_refund(shop: Shop) -> Iterator[None]:
    function = "execute on function public.fail_and_refund_generation"
    shop.database.execute(f"revoke {function} from service_role")
    try:
        yield
    finally:
        shop.database.execute(f"grant {function} to service_role")


def test_a_failure_that_the_database_does_not_take_is_left_and_its_refund_unrecorded(
    shop: Shop, tmp_path: Path
) -> None:
    try_on = shop.pay(shop.try_on())
    shop.script(try_on, "moderation_blocked")
    with nobody_may_refund(shop), service("generator", shop.environment, tmp_path, **PATIENT) as generator:
        publish(shop, try_on)
        shown = wait_for_tasks(generator, {("b2c", "left", "not_ended"): 1})
    assert shown.moved("wearon_refunds_total") == {("failed", "b2c", "unrecorded"): 1}
