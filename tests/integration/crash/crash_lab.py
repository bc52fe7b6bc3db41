"""One run of the whole backend in which a process dies at every step boundary, once for each."""

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import httpx
import psycopg
from integration.crash.crash_plan import Case, CrashPlan
from integration.crash.crash_set_ups import SetUps, Turns, side_by_side
from redis import Redis

from wearon_common import keys
from wearon_common.channel import Channel
from wearon_devkit.chaos.leftovers import left_in_redis
from wearon_devkit.chaos.steps import STEPS, Need, Step
from wearon_devkit.picture_store import PictureStore
from wearon_devkit.pictures import GARMENTS, PERSONS
from wearon_devkit.producer import Payer, Producer, TryOn
from wearon_devkit.services import StackPlan
from wearon_devkit.stack import Stack
from wearon_devkit.stores import open_stores

# Short, so that what a dead process leaves is free again within seconds; one task at a time per generator, so
# that a crash hits one session.
TIMES = {
    "BROKER_VISIBILITY_TIMEOUT_SECONDS": "5",
    "CONSUMER_ERROR_BACKOFF_SECONDS": "0.5",
    "CONSUMER_HEARTBEAT_SECONDS": "2",
    "GENERATION_LEASE_SECONDS": "2.5",
    "OPENAI_REQUESTS_PER_MINUTE": "3000",
    "SWEEP_GRACE_SECONDS": "8",
    "SWEEP_INTERVAL_SECONDS": "0.5",
    "THROTTLE_DELAY_SECONDS": "1",
    "WORKER_CONCURRENCY": "1",
}
PATIENCE_S = 80
_CREDITS = 100


@dataclass(frozen=True)
class Fate:
    """What became of the session of one step."""

    crashed: bool
    status: str
    image: bytes | None
    ledger: tuple[str, ...]  # types of the credit movements of its owner
    dead_letters: int


@dataclass(frozen=True)
class Aftermath:
    """What was there when everything had ended."""

    fates: dict[str, Fate]
    left_in_redis: dict[str, int]


def crash_everywhere(directory: Path) -> Aftermath:
    """Bring one session to each step, kill there, wait until all have ended."""
    folder = directory / "plan"
    folder.mkdir()
    stack_plan = StackPlan(
        consumers=2,
        generators=5,
        sizing=False,
        scripts=_crashing_scripts(directory / "scripts", folder),
        variables=TIMES,
        openai_latency_s="0.2",
        restart_after=timedelta(seconds=0.1),
        quick_restarts=len(STEPS),
    )
    with Stack.start(directory / "run", stack_plan, report=lambda _line: None) as stack:
        environment = stack.environment
        with open_stores(environment) as (database, redis):
            laboratory = Laboratory(stack, database, redis, CrashPlan(folder))
            laboratory.work()
            return laboratory.aftermath()


class Laboratory:
    """Brings a session to every step and reads what became of it."""

    def __init__(
        self, stack: Stack, database: psycopg.Connection[Any], redis: Redis, plan: CrashPlan
    ) -> None:
        self._stack = stack
        self._database = database
        self._redis = redis
        self._plan = plan
        self._set_ups = SetUps(stack, database, redis, plan)
        self._cases = _cases(stack, Producer(database, redis))

    def work(self) -> None:
        """Carry everything out and keep the services alive until all has ended, or patience has."""
        give_up = time.monotonic() + PATIENCE_S
        for _ in self._schedule():
            if time.monotonic() > give_up:
                return
            self._stack.check()
            time.sleep(0.05)

    def aftermath(self) -> Aftermath:
        """Read the books of every session."""
        return Aftermath({case.step.name: self._fate(case) for case in self._cases}, left_behind(self._redis))

    def _schedule(self) -> Turns:
        for case in self._which("consumer", Need.LOST):  # it takes the longest until they are swept
            self._set_ups.submit(case)
        # Who delivers again may be running another task, which dies with it: once is enough for that.
        first, last = self._which("generator", Need.ORPHANED)
        yield from side_by_side(self._kill_generators(first), self._kill_consumers())
        yield from self._until_quiet([case for case in self._cases if case is not last])
        yield from self._set_ups.abandon(last)
        yield from self._until_quiet(self._cases)

    def _kill_generators(self, abandoned: Case) -> Turns:
        set_ups = self._set_ups
        yield from set_ups.stop_generators(
            running=self._which("generator", Need.STOPPED),
            waiting=self._which("generator", Need.STOPPED_WAITING),
        )
        yield from set_ups.abandon(abandoned)
        for case in self._which("generator", Need.NOTHING, Need.FAILS, Need.THROTTLED, Need.SLOW):
            set_ups.submit(case)
        yield from side_by_side(*map(set_ups.take_back, self._which("generator", Need.TAKEN_BACK)))

    def _kill_consumers(self) -> Turns:
        """Go through the steps one by one: no entry outlives the crashes of others and is buried for it."""
        set_ups = self._set_ups
        yield from self._until_dispatched()
        for case in self._which("consumer", Need.NOTHING):
            set_ups.submit(case)
            yield from set_ups.until_dead(case)
            yield from self._until_dispatched()
        for case in self._which("consumer", Need.ORPHANED):
            yield from set_ups.orphan(case, times_before=0)
            yield from self._until_dispatched()
        for case in self._which("consumer", Need.MALFORMED):
            set_ups.submit(case)
            yield from set_ups.until_dead(case)
        for case in self._which("consumer", Need.ORPHANED_AGAIN):
            yield from set_ups.orphan(case, times_before=2)
        yield from side_by_side(*map(set_ups.until_dead, self._which("consumer", Need.LOST)))
        for case in self._which("consumer", Need.STOPPED):
            yield from set_ups.stop_consumer(case)

    def _until_dispatched(self) -> Turns:
        while any(name.startswith(keys.TASKS) for name in left_in_redis(self._redis)):
            yield

    def _until_quiet(self, cases: Sequence[Case]) -> Turns:
        while self._live(cases) or left_behind(self._redis):
            yield

    def _which(self, service: str, *needs: Need) -> list[Case]:
        return [case for case in self._cases if case.step.service == service and case.step.need in needs]

    def _live(self, cases: Sequence[Case]) -> list[Case]:
        """Give those whose session has not ended."""
        rows = self._database.execute(
            "select id::text, status from public.generation_sessions union all "
            "select id::text, status from public.store_generation_sessions"
        )
        ended = {session for session, status in rows if status in {"completed", "failed"}}
        return [case for case in cases if case.session not in ended]

    def _fate(self, case: Case) -> Fate:
        status, url = self._row(case)
        return Fate(
            crashed=self._plan.has_happened(case),
            status=status,
            image=httpx.get(url).raise_for_status().content if url else None,
            ledger=self._ledger(case.try_on),
            dead_letters=sum(
                case.session.encode() in letter for letter in self._redis.lrange(keys.DEAD_LETTERS, 0, -1)
            ),
        )

    def _row(self, case: Case) -> tuple[str, str | None]:
        rows = self._database.execute(
            "select status, generated_image_url from public.generation_sessions where id = %(id)s union all "
            "select status, generated_image_url from public.store_generation_sessions where id = %(id)s",
            {"id": case.session},
        )
        status, url = rows.fetchone() or ("not submitted", None)
        return status, url

    def _ledger(self, try_on: TryOn) -> tuple[str, ...]:
        rows = self._database.execute(
            "select type from public.credit_transactions where user_id = %(id)s union all "
            "select type from public.store_credit_transactions where store_id = %(id)s",
            {"id": try_on.owner_id},
        )
        return tuple(
            sorted({"generation": "deduction"}.get(kind, kind) for (kind,) in rows if kind != "signup_bonus")
        )


def left_behind(redis: Redis) -> dict[str, int]:
    """Count, by key, what should have gone: tasks, notes about recoveries, names of dead consumers."""
    names = [name.decode() for name in cast("set[bytes]", redis.smembers(keys.CONSUMERS))]
    dead = [name for name in names if not redis.exists(keys.heartbeat(name))]
    notes = {keys.CONSUMERS: len(dead), keys.RECOVERED: redis.hlen(keys.RECOVERED)}
    return {name: count for name, count in (left_in_redis(redis) | notes).items() if count}


def _cases(stack: Stack, producer: Producer) -> list[Case]:
    pictures = PictureStore(stack.environment)
    urls = [pictures.upload(picture) for picture in (PERSONS[0], GARMENTS[0])]
    return [Case.of(step, _try_on(step, producer, urls, number)) for number, step in enumerate(STEPS)]


def _try_on(step: Step, producer: Producer, urls: list[str], number: int) -> TryOn:
    """Give each step an owner of its own, by turns a user, a store and a shopper of a store."""
    prompt = f"step {step.name}."
    match number % 3:
        case 0:
            return TryOn(Channel.B2C, producer.add_user(_CREDITS), urls, prompt)
        case 1:
            return TryOn(Channel.B2B, producer.add_store(_CREDITS), urls, prompt)
        case _:
            shopper = f"shopper-{number}@example.com"
            store = producer.add_store(_CREDITS, shopper, _CREDITS)
            return TryOn(Channel.B2B, store, urls, prompt, Payer.SHOPPER, shopper)


def _crashing_scripts(folder: Path, plan: Path) -> Path:
    folder.mkdir()
    for service in ("consumer", "generator"):
        script = folder / f"wearon-{service}"
        script.write_text(
            f'#!/bin/sh\nexec "{sys.executable}" -m wearon_devkit.chaos.crash {service} "{plan}"\n'
        )
        script.chmod(0o755)
    return folder
