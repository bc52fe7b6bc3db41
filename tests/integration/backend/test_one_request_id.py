"""One id leads through everything that is written about a task: grep for it, and nothing is missing."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from publishing import publish
from scrape import Scrape
from served_shop import SHORT_WAITS, ServedShop
from service_process import service
from shop import Shop

from wearon_common.channel import Channel
from wearon_devkit.environment import Environment
from wearon_devkit.producer import TryOn

STRANGE = "Grüße von \u202e Jane.Doe@example.com: " + "x" * 10_000
SHOWN_FOR_STRANGE = f"sha256:{hashlib.sha256(STRANGE.encode()).hexdigest()[:32]}"
THE_WHOLE_LIFE = [
    ("wearon-consumer", "task_dispatched"),
    ("wearon-generator", "generation_claimed"),
    ("wearon-generator", "provider_answered"),
    ("wearon-generator", "generation_requeued"),
    ("wearon-generator", "generation_claimed"),
    ("wearon-generator", "provider_answered"),
    ("wearon-generator", "image_stored"),
    ("wearon-generator", "generation_completed"),
]


def grep(served: ServedShop, request_id: str) -> list[str]:
    """Give the log lines of all services that hold the id, in the order of their times."""
    lines = [*served.consumer.lines(), *served.generator.lines()]
    return sorted(
        (line for line in lines if request_id in line), key=lambda line: str(json.loads(line)["time"])
    )


def live_a_whole_life(served: ServedShop, try_on: TryOn) -> None:
    """Be slowed down once, so that the task travels through Celery twice, then be completed."""
    served.shop.script(try_on, "slow_down", times=1)
    served.shop.producer.submit(try_on)
    served.shop.wait_until_ended(try_on)
    served.generator.wait_for_event_of(try_on.session_id, "generation_completed")


def recorded_id(shop: Shop, try_on: TryOn) -> Any:  # noqa: ANN401 - one value of a row
    row = shop.database.execute(
        "select request_id from wearon.generations where session_id = %s", [try_on.session_id]
    ).fetchone()
    return row and row[0]


@pytest.mark.parametrize("channel", list(Channel))
@pytest.mark.parametrize(("request_id", "shown"), [(None, None), (STRANGE, SHOWN_FOR_STRANGE)])
def test_grep_finds_a_tasks_whole_life(
    served: ServedShop, channel: Channel, request_id: str | None, shown: str | None
) -> None:
    shop = served.shop
    wishes = {} if request_id is None else {"request_id": f"{request_id}"}
    try_on = shop.try_on(channel, **wishes)
    shown = shown or str(try_on.request_id)
    earlier = len(grep(served, shown))
    live_a_whole_life(served, try_on)

    found = [json.loads(line) for line in grep(served, shown)[earlier:]]
    assert [(event["service"], event["event"]) for event in found] == THE_WHOLE_LIFE
    assert {event["request_id"] for event in found} == {shown}
    assert {event["session_id"] for event in found} == {str(try_on.session_id)}

    answers = [event for event in found if event["event"] == "provider_answered"]
    assert all({"limit-requests", "remaining-requests"} <= set(answer["rate_limits"]) for answer in answers)

    provider_calls = [call["status"] for call in shop.openai.record() if call["client_request_id"] == shown]
    assert provider_calls[-2:] == [429, 200]
    assert recorded_id(shop, try_on) == shown


def test_what_a_client_wrote_is_shown_nowhere_when_it_is_not_fit_for_it(served: ServedShop) -> None:
    try_on = served.shop.submit(Channel.B2B, request_id=STRANGE + "!")
    served.shop.wait_until_ended(try_on)
    written = "".join([*served.consumer.lines(), *served.generator.lines()])
    assert "Jane.Doe" not in written
    assert STRANGE[-1000:] not in written
    assert served.shop.row(try_on)["request_id"] == STRANGE + "!"


@pytest.fixture
def empty_shop(platform: Environment) -> Iterator[Shop]:
    with Shop.opened(platform) as shop:
        yield shop


def test_the_id_survives_the_generator_that_held_the_task(empty_shop: Shop, tmp_path: Path) -> None:
    shop = empty_shop
    try_on = shop.pay(shop.try_on())
    shop.script(try_on, "hang")
    publish(shop, try_on)
    settings = {**SHORT_WAITS, "OPENAI_TIMEOUT_SECONDS": "60", "GENERATION_LEASE_SECONDS": "1"}
    with service("generator", shop.environment, tmp_path / "generator", **settings) as generator:
        generator.wait_for_event_of(try_on.session_id, "generation_claimed")
        assert Scrape.of(generator.url).value("wearon_tasks_in_progress", channel="b2c") == 1
    shop.redis.flushall()  # nobody will ever bring the task again
    quick = {"SWEEP_INTERVAL_SECONDS": "0.3", "SWEEP_GRACE_SECONDS": "0.3"}
    with service("consumer", shop.environment, tmp_path / "consumer", **quick) as consumer:
        [swept] = consumer.wait_for_event("session_swept")
    assert (swept["session_id"], swept["request_id"]) == (str(try_on.session_id), try_on.request_id)
