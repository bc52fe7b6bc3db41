"""One run of the whole backend in which a process dies at every step boundary, once for each."""

import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import psycopg
from redis import Redis

from wearon_common.channel import Channel
from wearon_devkit.chaos.leftovers import left_in_redis
from wearon_devkit.chaos.steps import STEPS, Need, Step
from wearon_devkit.picture_store import PictureStore
from wearon_devkit.pictures import GARMENTS, PERSONS
from wearon_devkit.producer import Payer, Producer, TryOn, task_of
from wearon_devkit.provider_control import ProviderControl
from wearon_devkit.services import StackPlan
from wearon_devkit.stack import Stack

# Short, so that what a dead process leaves is free again within seconds; one task at a time per generator, so
# that a crash hits one session.
TIMES = {
    "BROKER_VISIBILITY_TIMEOUT_SECONDS": "4",
    "CONSUMER_ERROR_BACKOFF_SECONDS": "0.5",
    "CONSUMER_HEARTBEAT_SECONDS": "2",
    "GENERATION_LEASE_SECONDS": "3",
    "SWEEP_GRACE_SECONDS": "8",
    "SWEEP_INTERVAL_SECONDS": "0.5",
    "THROTTLE_DELAY_SECONDS": "1",
    "WORKER_CONCURRENCY": "1",
}
PATIENCE_S = 110
_CREDITS = 100


@dataclass(frozen=True)
class Fate:
    """What became of the session of one step."""

    try_on: TryOn
    crashed: bool
    status: str
    image: bytes | None
    ledger: tuple[str, ...]  # types of the credit movements of its owner
    provider_calls: int


@dataclass(frozen=True)
class Aftermath:
    """What was there when everything had ended."""

    fates: dict[str, Fate]
    left_in_redis: dict[str, int]


def crash_everywhere(directory: Path) -> Aftermath:
    """Run one session per step, kill at each step, wait until all have ended."""
    plan_folder = directory / "plan"
    plan_folder.mkdir()
    plan = StackPlan(
        consumers=2,
        generators=4,
        sizing=False,
        scripts=_crashing_scripts(directory / "scripts", plan_folder),
        variables=TIMES,
        openai_latency_s="0.2",
        restart_after=timedelta(seconds=0.1),
        quick_restarts=len(STEPS),
    )
    with Stack.start(directory / "run", plan, report=lambda _line: None) as stack:
        environment = stack.environment
        with (
            psycopg.connect(environment.database_url, autocommit=True) as database,
            Redis.from_url(environment.redis_url) as redis,
        ):
            laboratory = Laboratory(stack, database, redis, plan_folder)
            laboratory.submit_all()
            laboratory.wait_for(laboratory.all_ended)
            laboratory.wait_for(lambda: not left_in_redis(redis))
            return laboratory.aftermath()


class Laboratory:
    """Submits one session per step and reads what became of them."""

    def __init__(
        self, stack: Stack, database: psycopg.Connection[Any], redis: Redis, plan_folder: Path
    ) -> None:
        self._stack = stack
        self._database = database
        self._redis = redis
        self._plan_folder = plan_folder
        self._producer = Producer(database, redis)
        self._provider = ProviderControl(stack.environment)
        self._try_ons: dict[str, TryOn] = {}

    def submit_all(self) -> None:
        """Plan every crash, then ask for every generation."""
        pictures = PictureStore(self._stack.environment)
        urls = [pictures.upload(picture) for picture in (PERSONS[0], GARMENTS[0])]
        for number, step in enumerate(STEPS):
            try_on = self._try_on(step, urls, number)
            self._try_ons[step.name] = try_on
            (self._plan_folder / str(try_on.session_id)).write_text(step.name)
            self._script_provider(step)
        for step in STEPS:
            self._submit(step, self._try_ons[step.name])

    def wait_for(self, happened: Callable[[], bool]) -> None:
        """Keep the services alive until `happened`."""
        give_up = time.monotonic() + PATIENCE_S
        while not happened():
            assert time.monotonic() < give_up, self._unfinished()
            self._stack.check()
            time.sleep(0.1)

    def all_ended(self) -> bool:
        """Say whether no session is live."""
        return not self._unfinished()

    def aftermath(self) -> Aftermath:
        """Read the books of every session."""
        calls = [call["client_request_id"] for call in self._provider.calls()]
        fates = {name: self._fate(try_on, calls) for name, try_on in self._try_ons.items()}
        return Aftermath(fates, left_in_redis(self._redis))

    def _try_on(self, step: Step, urls: list[str], number: int) -> TryOn:
        """Give each step an owner of its own, by turns a user, a store and a shopper of a store."""
        prompt = f"step {step.name}."
        match number % 3:
            case 0:
                return TryOn(Channel.B2C, self._producer.add_user(_CREDITS), urls, prompt)
            case 1:
                return TryOn(Channel.B2B, self._producer.add_store(_CREDITS), urls, prompt)
            case _:
                shopper = f"shopper-{number}@example.com"
                store = self._producer.add_store(_CREDITS, shopper, _CREDITS)
                return TryOn(Channel.B2B, store, urls, prompt, Payer.SHOPPER, shopper)

    def _script_provider(self, step: Step) -> None:
        prompt = f"step {step.name}."
        if step.need is Need.FAILS:
            self._provider.add_fault("moderation_blocked", prompt_contains=prompt)
        if step.need is Need.THROTTLED:
            self._provider.add_fault("rate_limit_exceeded", prompt_contains=prompt, times=1)

    def _submit(self, step: Step, try_on: TryOn) -> None:
        self._producer.deduct(try_on)
        self._producer.insert_session(try_on)
        task = task_of(try_on)
        if step.need is Need.MALFORMED:
            task["version"] = 2
        if step.need is not Need.LOST:
            self._producer.push(json.dumps(task))

    def _unfinished(self) -> dict[str, str]:
        return {
            name: row[0]
            for name, try_on in self._try_ons.items()
            if (row := self._row(try_on.session_id))[0] not in {"completed", "failed"}
        }

    def _fate(self, try_on: TryOn, calls: list[str]) -> Fate:
        status, url = self._row(try_on.session_id)
        return Fate(
            try_on=try_on,
            crashed=not (self._plan_folder / str(try_on.session_id)).exists(),
            status=status,
            image=httpx.get(url).raise_for_status().content if url else None,
            ledger=self._ledger(try_on),
            provider_calls=calls.count(str(try_on.request_id)),
        )

    def _row(self, session_id: UUID) -> tuple[str, str | None]:
        row = self._database.execute(
            "select status, generated_image_url from public.generation_sessions where id = %(id)s union all "
            "select status, generated_image_url from public.store_generation_sessions where id = %(id)s",
            {"id": session_id},
        ).fetchone()
        assert row is not None
        return row[0], row[1]

    def _ledger(self, try_on: TryOn) -> tuple[str, ...]:
        rows = self._database.execute(
            "select type from public.credit_transactions where user_id = %(id)s union all "
            "select type from public.store_credit_transactions where store_id = %(id)s",
            {"id": try_on.owner_id},
        )
        return tuple(
            sorted({"generation": "deduction"}.get(kind, kind) for (kind,) in rows if kind != "signup_bonus")
        )


def _crashing_scripts(folder: Path, plan: Path) -> Path:
    folder.mkdir()
    for service in ("consumer", "generator"):
        script = folder / f"wearon-{service}"
        script.write_text(
            f'#!/bin/sh\nexec "{sys.executable}" -m wearon_devkit.chaos.crash {service} "{plan}"\n'
        )
        script.chmod(0o755)
    return folder
