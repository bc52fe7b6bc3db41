"""Others write to a session's row while the real services work on it. None of it mints a credit."""

import json
from uuid import uuid4

import pytest
from served_shop import ServedShop
from shop import CREDITS, Outcome, Shop

from wearon_common.channel import Channel
from wearon_devkit.books import ImbalanceKind, audit
from wearon_devkit.producer import TryOn, task_of

TABLES = {Channel.B2C: "generation_sessions", Channel.B2B: "store_generation_sessions"}
CALL_S = 1.5
COMPLETED = Outcome("completed", None, balance=CREDITS - 1, refunds=0, provider_calls=1)


def edit(shop: Shop, try_on: TryOn, change: str) -> None:
    shop.database.execute(
        f"update public.{TABLES[try_on.channel]} set {change} where id = %s", [try_on.session_id]
    )


def refund_as_the_cron(shop: Shop, try_on: TryOn) -> None:
    shop.database.execute("select public.refund_credits(%s, 1)", [try_on.owner_id])


def push(shop: Shop, try_on: TryOn) -> None:
    shop.producer.push(json.dumps(task_of(try_on)))


def wait_for(served: ServedShop, try_on: TryOn, event: str) -> None:
    served.generator.wait_for_event_of(try_on.session_id, event)


def in_the_providers_call(served: ServedShop, channel: Channel = Channel.B2C) -> TryOn:
    """Give a session whose image the provider is just making."""
    shop = served.shop
    try_on = shop.try_on(channel)
    shop.script(try_on, "slow", latency_s=CALL_S)
    shop.producer.submit(try_on)
    served.generator.wait_until(lambda: shop.fault_has_struck(try_on))
    return try_on


def found(shop: Shop, try_on: TryOn) -> set[ImbalanceKind]:
    """What the audit says about the owner of a session."""
    findings = audit(shop.environment.database_url).imbalances
    return {ImbalanceKind(finding.kind) for finding in findings if finding.owner_id == try_on.owner_id}


def test_what_the_cron_refunded_and_failed_before_the_claim_is_not_made(served: ServedShop) -> None:
    shop = served.shop
    try_on = shop.pay(shop.try_on())
    refund_as_the_cron(shop, try_on)
    edit(shop, try_on, "status = 'failed'")
    push(shop, try_on)
    wait_for(served, try_on, "claim_refused")
    assert shop.outcome(try_on) == Outcome("failed", None, CREDITS, refunds=1, provider_calls=0)
    assert found(shop, try_on) == set()


def test_what_the_cron_refunds_and_fails_during_the_provider_call_stays_failed(served: ServedShop) -> None:
    try_on = in_the_providers_call(served)
    refund_as_the_cron(served.shop, try_on)
    edit(served.shop, try_on, "status = 'failed'")
    wait_for(served, try_on, "generation_came_too_late")
    assert served.shop.outcome(try_on) == Outcome("failed", None, CREDITS, refunds=1, provider_calls=1)
    assert found(served.shop, try_on) == set()


def test_what_the_cron_refunds_during_a_call_that_fails_is_not_refunded_again(served: ServedShop) -> None:
    shop = served.shop
    try_on = shop.try_on()
    shop.script(try_on, "moderation_blocked", latency_s=CALL_S)
    shop.producer.submit(try_on)
    served.generator.wait_until(lambda: shop.fault_has_struck(try_on))
    refund_as_the_cron(shop, try_on)
    outcome = shop.outcome(try_on)
    assert (outcome.status, outcome.balance, outcome.refunds) == ("failed", CREDITS, 1)
    assert found(shop, try_on) == set()


def test_the_audit_finds_what_the_cron_refunds_and_fails_after_we_completed(served: ServedShop) -> None:
    shop = served.shop
    try_on = shop.submit()
    assert shop.outcome(try_on) == COMPLETED
    refund_as_the_cron(shop, try_on)
    edit(shop, try_on, "status = 'failed'")
    assert found(shop, try_on) == {ImbalanceKind.REFUND_OF_UNFAILED_SESSION, ImbalanceKind.ROW_DISAGREES}


def test_a_store_that_uninstalls_gets_no_image_for_what_was_queued(served: ServedShop) -> None:
    shop = served.shop
    try_on = shop.pay(shop.try_on(Channel.B2B))
    edit(shop, try_on, "status = 'failed'")
    push(shop, try_on)
    wait_for(served, try_on, "claim_refused")
    assert shop.outcome(try_on) == Outcome("failed", None, CREDITS - 1, refunds=0, provider_calls=0)
    assert found(shop, try_on) == {ImbalanceKind.REFUND_MISSING}


def test_a_task_of_a_session_that_was_refunded_when_the_push_seemed_to_fail_does_nothing(
    served: ServedShop,
) -> None:
    shop = served.shop
    try_on = shop.pay(shop.try_on(Channel.B2B))
    shop.database.execute(
        "select public.refund_store_credits(%s, 1, %s)", [try_on.owner_id, try_on.request_id]
    )
    edit(shop, try_on, "status = 'failed'")
    push(shop, try_on)
    wait_for(served, try_on, "claim_refused")
    assert shop.outcome(try_on) == Outcome("failed", None, CREDITS, refunds=1, provider_calls=0)
    assert found(shop, try_on) == set()


@pytest.mark.parametrize("status", ["queued", "pending", "completed"])
def test_a_user_who_changes_the_status_during_the_call_gets_the_image_and_pays(
    served: ServedShop, status: str
) -> None:
    try_on = in_the_providers_call(served)
    edit(served.shop, try_on, f"status = '{status}', credits_used = 1000")
    wait_for(served, try_on, "generation_completed")
    assert served.shop.outcome(try_on) == COMPLETED
    assert found(served.shop, try_on) == set()


def test_a_user_who_reopens_a_completed_session_gets_neither_image_nor_credit(served: ServedShop) -> None:
    shop = served.shop
    try_on = shop.submit()
    shop.outcome(try_on)
    edit(shop, try_on, "status = 'queued', created_at = '2000-01-01'")
    push(shop, try_on)
    wait_for(served, try_on, "claim_refused")
    edit(shop, try_on, "status = 'completed'")
    assert shop.outcome(try_on) == COMPLETED
    assert found(shop, try_on) == set()


def test_a_user_who_calls_a_waiting_session_completed_pays_for_nothing(served: ServedShop) -> None:
    shop = served.shop
    try_on = shop.pay(shop.try_on())
    edit(shop, try_on, "status = 'completed'")
    push(shop, try_on)
    wait_for(served, try_on, "claim_refused")
    assert shop.outcome(try_on) == Outcome("completed", None, CREDITS - 1, refunds=0, provider_calls=0)
    assert found(shop, try_on) == {ImbalanceKind.COMPLETED_WITHOUT_IMAGE}


def test_a_session_whose_owner_was_changed_before_the_claim_is_not_made(served: ServedShop) -> None:
    shop = served.shop
    try_on = shop.pay(shop.try_on())
    edit(shop, try_on, f"user_id = '{uuid4()}'")
    push(shop, try_on)
    [refusal] = served.generator.wait_for_event_of(try_on.session_id, "claim_refused")
    assert refusal["reason"] == "owner_mismatch"
    assert shop.row(try_on)["status"] == "queued"
    assert shop.provider_calls(try_on) == []


@pytest.mark.parametrize(("fault", "balance"), [("slow", CREDITS - 1), ("moderation_blocked", CREDITS)])
def test_an_owner_who_is_changed_during_the_call_changes_nothing_for_the_one_who_paid(
    served: ServedShop, fault: str, balance: int
) -> None:
    shop = served.shop
    try_on, somebody_else = shop.try_on(), shop.producer.add_user(CREDITS)
    shop.script(try_on, fault, latency_s=CALL_S)
    shop.producer.submit(try_on)
    served.generator.wait_until(lambda: shop.fault_has_struck(try_on))
    edit(shop, try_on, f"user_id = '{somebody_else}'")
    assert shop.outcome(try_on).balance == balance
    row = shop.database.execute(
        "select balance from public.user_credits where user_id = %s", [somebody_else]
    ).fetchone()
    assert row == (CREDITS,)
    assert found(shop, try_on) == {ImbalanceKind.ROW_DISAGREES}
