"""What lies in Redis while a throttled task waits for its second chance."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from publishing import publish
from served_shop import SHORT_WAITS
from service_process import ServiceProcess, service
from shop import Shop

from wearon_common.channel import Channel
from wearon_devkit.environment import Environment


@pytest.fixture
def waiting_shop(platform: Environment) -> Iterator[Shop]:
    with Shop.opened(platform) as shop:
        yield shop


@pytest.fixture
def generator(platform: Environment, tmp_path: Path) -> Iterator[ServiceProcess]:
    settings = {**SHORT_WAITS, "THROTTLE_DELAY_SECONDS": "100"}
    with service("generator", platform, tmp_path / "generator", **settings) as generator:
        yield generator


def held_messages(shop: Shop) -> list[dict[str, Any]]:
    """Read the messages that generators hold, as kombu keeps them in Redis."""
    held: Any = shop.redis.hvals("unacked")
    return [json.loads(message)[0] for message in held]


@pytest.mark.parametrize("channel", list(Channel))
def test_a_throttled_task_waits_under_its_session_and_returns_to_its_queue_when_the_generator_stops(
    waiting_shop: Shop, generator: ServiceProcess, channel: Channel
) -> None:
    shop = waiting_shop
    try_on = shop.pay(shop.try_on(channel))
    shop.script(try_on, "slow_down")
    publish(shop, try_on)
    generator.wait_until(lambda: [m["headers"]["retries"] for m in held_messages(shop)] == [1])

    [message] = held_messages(shop)
    headers = message["headers"]
    assert headers["session_id"] == str(try_on.session_id)
    assert (headers["argsrepr"], headers["kwargsrepr"]) == ("(task,)", "{}")
    assert message["properties"]["delivery_info"]["routing_key"] == channel.traits.queue
    assert try_on.prompt not in json.dumps(headers)
    row = shop.row(try_on)
    assert row["status"] == "queued"
    assert row["error_message"].startswith("We are very busy right now.")

    assert generator.stop()[0] == 0
    assert not held_messages(shop)
    [queued] = shop.queued(channel)
    assert queued["headers"]["session_id"] == str(try_on.session_id)


def test_a_task_whose_session_the_database_refuses_to_claim_waits_for_better_times(
    waiting_shop: Shop, tmp_path: Path
) -> None:
    shop = waiting_shop
    wrong_key = replace(shop.environment, supabase_service_role_key="sb_secret_wrong")
    try_on = publish(shop, shop.pay(shop.try_on()))
    with service("generator", wrong_key, tmp_path / "generator") as generator:
        [event, *_] = generator.wait_for_event_of(try_on.session_id, "claim_failed")
        generator.wait_until(lambda: [m["headers"]["retries"] for m in held_messages(shop)] == [1])
    assert (event["level"], event["request_id"]) == ("error", try_on.request_id)
    assert shop.row(try_on)["status"] == "queued"
