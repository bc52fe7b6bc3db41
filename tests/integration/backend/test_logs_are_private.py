"""Tasks of every kind go through the whole system, full of things that no log may show, not even at DEBUG."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from fixtures_openai_local import picture
from served_shop import OPENAI_LATENCY_S, SHORT_WAITS
from service_process import ServiceProcess, service
from shop import Shop

from wearon_common import keys
from wearon_common.channel import Channel
from wearon_devkit.backing import Backing
from wearon_devkit.environment import Environment
from wearon_devkit.producer import Payer, TryOn, task_of
from wearon_devkit.supabase_local.faults import Kind

PROMPT = "A-PROMPT-OF-HER-OWN"
EMAIL = "very.private.shopper@example.com"
REDIS_PASSWORD = "redis-PASSWORD-of-ours"

SETTINGS = {
    **SHORT_WAITS,
    "LOG_LEVEL": "DEBUG",
    "OPENAI_TIMEOUT_SECONDS": "1",
    "CONSUMER_HEARTBEAT_SECONDS": "1",
    "SWEEP_INTERVAL_SECONDS": "0.5",
    "SWEEP_GRACE_SECONDS": "0.5",
}
# What a service says about itself and not about a task.
OF_THE_PROCESS = (
    "consumer_started",
    "consumer_stopped",
    "Connected to ",
    "generator-",
    "Restoring ",
    "SecurityWarning",
)


@dataclass(frozen=True)
class Aftermath:
    """What was asked for, and what the services had to say about it."""

    try_ons: tuple[TryOn, ...]
    secrets: Mapping[str, str]
    lines: tuple[str, ...]

    def events(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.lines]


@pytest.fixture(scope="module")
def aftermath(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aftermath]:
    directory = tmp_path_factory.mktemp("private")
    with Backing.start(directory / "backing", OPENAI_LATENCY_S) as backing:
        environment = _with_password(backing.environment)
        with (
            service("consumer", environment, directory / "consumer", **SETTINGS) as consumer,
            service("generator", environment, directory / "generator", **SETTINGS) as generator,
            service("sizing", environment, directory / "sizing", LOG_LEVEL="DEBUG") as sizing,
            Shop.opened(environment) as shop,
        ):
            try_ons = _ask_for_everything(shop)
            _ask_for_a_size(shop, sizing)
            shop.wait_until_ended(*try_ons)
            consumer.wait_until(lambda: len(shop.dead_letters()) == 3)
            _stop_with_a_task_in_hand(shop, generator)
            secrets = _secrets(shop, try_ons)
        services = (consumer, generator, sizing)
        yield Aftermath(try_ons, secrets, tuple(line for each in services for line in each.lines()))


def _with_password(environment: Environment) -> Environment:
    # A server without a password takes any.
    url = environment.redis_url.replace("redis://", f"redis://default:{REDIS_PASSWORD}@")
    return replace(environment, redis_url=url)


def _ask_for_everything(shop: Shop) -> tuple[TryOn, ...]:
    good = [
        _paid(shop, Channel.B2C),
        _paid(shop, Channel.B2B),
        _paid(shop, Channel.B2B, payer=Payer.SHOPPER, request_id=f"for {EMAIL}"),
        _paid(shop, Channel.B2C, image_urls=[f"https://127.0.0.1/x.jpg?token={PROMPT}"]),
        _paid(shop, Channel.B2C, image_urls=[shop.pictures[0].replace("person", "gone")]),
        _paid(shop, Channel.B2C, image_urls=[f"https://user:{PROMPT}@pictures.invalid/x.jpg"]),
    ]
    faults = (
        "slow_down",
        "server_error",
        "moderation_blocked",
        "not_json",
        "hang",
        "reset",
        "invalid_api_key",
    )
    befallen = [_paid(shop, Channel.B2B) for _ in faults]
    for kind, try_on in zip(faults, befallen, strict=True):
        shop.script(try_on, kind, times=1)
    for function in ("claim_generation", "complete_generation", "fail_and_refund_generation"):
        shop.break_supabase(f"/rest/v1/rpc/{function}", Kind.CUT)
    shop.break_supabase("/storage/v1/object/images/generated/", Kind.BAD_GATEWAY)
    for try_on in (*good, *befallen):
        shop.producer.push(json.dumps(task_of(try_on)))
    return (*good, *befallen, *_spoiled(shop), _lost(shop), _recovered(shop))


def _paid(shop: Shop, channel: Channel, **wishes: Any) -> TryOn:  # noqa: ANN401 - any field of TryOn
    try_on = shop.try_on(channel, shopper_email="shopper@example.com", **wishes)
    return shop.pay(replace(try_on, prompt=f"{PROMPT} {EMAIL} {try_on.session_id}"))


def _spoiled(shop: Shop) -> list[TryOn]:
    spoiled = [_paid(shop, Channel.B2C), _paid(shop, Channel.B2B)]
    for try_on in spoiled:
        shop.producer.push(json.dumps({**task_of(try_on), "version": PROMPT, "created_at": EMAIL}))
    shop.producer.push(f"{PROMPT} {EMAIL}")
    return spoiled


def _lost(shop: Shop) -> TryOn:
    return _paid(shop, Channel.B2B)


def _recovered(shop: Shop) -> TryOn:
    try_on = _paid(shop, Channel.B2C)
    shop.redis.sadd(keys.CONSUMERS, "dead")
    shop.redis.lpush(keys.processing("dead"), json.dumps(task_of(try_on)))
    return try_on


def _ask_for_a_size(shop: Shop, sizing: ServiceProcess) -> None:
    for url in (shop.upload("wall.jpg", picture("white")), f"https://pictures.invalid/x.jpg?token={PROMPT}"):
        answer = httpx.post(
            f"{sizing.url}/estimate-body",
            json={"image_url": url, "height_cm": 170},
            timeout=30,
            trust_env=False,
        )
        assert answer.is_error


def _stop_with_a_task_in_hand(shop: Shop, generator: ServiceProcess) -> None:
    try_on = _paid(shop, Channel.B2B)
    shop.script(try_on, "slow_down", retry_after_s=60)
    shop.producer.push(json.dumps(task_of(try_on)))
    generator.wait_for_event_of(try_on.session_id, "generation_requeued")
    generator.stop()


def _secrets(shop: Shop, try_ons: tuple[TryOn, ...]) -> dict[str, str]:
    results = [shop.row(try_on)["generated_image_url"] for try_on in try_ons]
    urls = [*shop.pictures, *filter(None, results)]
    tokens = {f"token {n}": parse_qs(urlsplit(url).query)["token"][0] for n, url in enumerate(urls)}
    return {
        **tokens,
        "prompt": PROMPT,
        "e-mail": EMAIL,
        "Redis password": REDIS_PASSWORD,
        "Supabase key": shop.environment.supabase_service_role_key,
        "OpenAI key": shop.environment.openai_api_key,
    }


def test_tasks_of_every_kind_have_been_there(aftermath: Aftermath) -> None:
    assert {event["event"] for event in aftermath.events()} >= {
        "task_dispatched",
        "task_dead_lettered",
        "task_recovered",
        "session_swept",
        "generation_completed",
        "generation_failed",
        "generation_requeued",
        "provider_call_repeated",
        "retry_scheduled",
    }


def test_nothing_private_is_in_any_line(aftermath: Aftermath) -> None:
    found = {
        name: line for line in aftermath.lines for name, secret in aftermath.secrets.items() if secret in line
    }
    assert found == {}


def test_every_line_is_one_json_object(aftermath: Aftermath) -> None:
    assert all(isinstance(event, dict) and event["service"] for event in aftermath.events())


def test_every_line_that_names_a_session_carries_its_ids(aftermath: Aftermath) -> None:
    sessions = [str(try_on.session_id) for try_on in aftermath.try_ons]
    bare = [
        line
        for line, event in zip(aftermath.lines, aftermath.events(), strict=True)
        if any(session in line for session in sessions)
        and not (event.get("session_id") and event.get("request_id"))
        and event["event"] not in OF_THE_PROCESS
    ]
    assert bare == []


def test_every_line_of_the_usual_levels_is_about_a_task_and_says_which_or_about_the_service(
    aftermath: Aftermath,
) -> None:
    bare = [
        event["event"]
        for event in aftermath.events()
        if event["level"] != "debug"
        and event["service"] != "wearon-sizing"
        and not (event.get("session_id") and event.get("request_id"))
        and not any(known in event["event"] for known in OF_THE_PROCESS)
    ]
    assert bare == ["task_dead_lettered"]  # the entry that is no JSON names nothing
