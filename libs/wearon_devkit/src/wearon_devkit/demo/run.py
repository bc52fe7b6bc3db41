"""Runs the demo on a running stack."""

import shutil
from collections import Counter
from datetime import timedelta
from pathlib import Path

import httpx
from rich.console import Console

from wearon_devkit.books import Report, audit
from wearon_devkit.demo.progress import Progress, read_progress
from wearon_devkit.demo.scenario import BLOCKED_PROMPT, Scenario
from wearon_devkit.demo.shop import Shop
from wearon_devkit.demo.watch import watch
from wearon_devkit.environment import Environment
from wearon_devkit.provider_control import ProviderControl
from wearon_devkit.run_failed import RunFailed
from wearon_devkit.stack import Stack
from wearon_devkit.stores import open_stores

_PATIENCE = timedelta(minutes=4)
_SIZING_TIMEOUT_S = 30


class DemoFailed(RunFailed):
    """The main job did not do what it promises; the message says what."""


def run_demo(stack: Stack, scenario: Scenario, images: Path, console: Console) -> str:
    """Run the scenario, save its images in `images` and give the closing line.

    Raises `RunFailed`.
    """
    environment = stack.environment
    with open_stores(environment) as (database, redis):
        shop = Shop(environment, database, redis)
        if scenario.expected()["failed"]:
            ProviderControl(environment).add_fault(
                "moderation_blocked", prompt_contains=BLOCKED_PROMPT, latency_s=0.5
            )
        try_ons = shop.order(scenario)

        def look() -> Progress:
            stack.check()
            return read_progress(database, redis, try_ons)

        progress = watch(scenario, try_ons, look, console, _PATIENCE)
        size = _ask_for_a_size(environment, shop, scenario)
    books = audit(environment.database_url)
    for line in (
        "",
        f"images: {_save_images(scenario, progress, images)}",
        f"size:   {size}",
        books.summary,
        "",
    ):
        console.print(line, highlight=False, soft_wrap=True)
    _require_what_was_promised(scenario, progress, books)
    return _closing_line(progress)


def _save_images(scenario: Scenario, progress: Progress, images: Path) -> Path:
    if images.exists():
        shutil.rmtree(images)
    images.mkdir(parents=True)
    for wish, session in zip(scenario.wishes, progress.sessions, strict=True):
        if session.image_url is not None:
            answer = httpx.get(session.image_url, trust_env=False).raise_for_status()
            (images / f"{wish.channel}-{wish.person.name}-{wish.garment.name}.jpg").write_bytes(
                answer.content
            )
    return images


def _ask_for_a_size(environment: Environment, shop: Shop, scenario: Scenario) -> str:
    person = scenario.measured
    answer = httpx.post(
        f"{environment.sizing_url}/estimate-body",
        json={"image_url": shop.pictures.upload(person), "height_cm": person.height_cm},
        timeout=_SIZING_TIMEOUT_S,
        trust_env=False,
    )
    if answer.status_code != httpx.codes.OK:
        raise DemoFailed(f"the sizing API answered {answer.status_code}: {answer.text}")
    body = answer.json()
    girths = ", ".join(
        f"{name.removesuffix('_cm')} {value:.0f} cm" for name, value in body["measurements"].items()
    )
    return f"{person.name}, {person.height_cm:.0f} cm tall: {body['recommended_size']} ({girths})"


def _require_what_was_promised(scenario: Scenario, progress: Progress, books: Report) -> None:
    if progress.outcomes() != scenario.expected():
        raise DemoFailed(
            f"expected {_as_words(scenario.expected())}, but got {_as_words(progress.outcomes())}"
        )
    if progress.dead_letters != scenario.dead_letters:
        raise DemoFailed(f"{progress.dead_letters} dead letters instead of {scenario.dead_letters}")
    if not books.balanced:
        raise DemoFailed("the books do not balance")


def _closing_line(progress: Progress) -> str:
    outcomes = progress.outcomes()
    parts = [f"{outcomes['completed']} completed"]
    if outcomes["failed"]:
        parts.append(f"{outcomes['failed']} failed and refunded")
    parts += [f"{progress.dead_letters} dead-lettered", "books balance"]
    return f"demo: {', '.join(parts)}"


def _as_words(outcomes: Counter[str]) -> str:
    return ", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items()))
