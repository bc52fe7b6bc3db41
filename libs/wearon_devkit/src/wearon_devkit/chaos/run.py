"""One chaos run: start everything, follow the schedule, wait for the dust to settle, look back."""

import sys
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from wearon_devkit.chaos.aftermath import Aftermath, look_back, read_fates
from wearon_devkit.chaos.arrivals import Arrivals
from wearon_devkit.chaos.disturber import Disturber
from wearon_devkit.chaos.leftovers import left_in_redis
from wearon_devkit.chaos.schedule import Disturbance, Event, Scale, draw_schedule
from wearon_devkit.picture_store import PictureStore
from wearon_devkit.pictures import GARMENTS, PERSONS
from wearon_devkit.services import StackPlan
from wearon_devkit.stack import Stack

# Everything that waits for a dead process waits shorter than in production; the proportions are the same.
TIMES = {
    "BROKER_VISIBILITY_TIMEOUT_SECONDS": "24",
    "CONSUMER_ERROR_BACKOFF_SECONDS": "0.5",
    "CONSUMER_HEARTBEAT_SECONDS": "3",
    "GENERATION_DEADLINE_SECONDS": "20",
    "GENERATION_LEASE_SECONDS": "6",
    "OPENAI_REQUESTS_PER_MINUTE": "3000",
    "OPENAI_TIMEOUT_SECONDS": "4",
    "SUPABASE_TIMEOUT_SECONDS": "3",
    "SWEEP_GRACE_SECONDS": "15",
    "SWEEP_INTERVAL_SECONDS": "1",
    "THROTTLE_DELAY_SECONDS": "1",
    "WORKER_CONCURRENCY": "10",
}
_PLAN = StackPlan(
    consumers=2,
    generators=3,
    sizing=False,
    openai_latency_s="0.5-1.5",
    variables=TIMES,
    restart_after=timedelta(seconds=0.3),
    quick_restarts=sys.maxsize,
)
_REDIS_TIMEOUT_S = 0.1  # short: while Redis is frozen, arrivals wait for each other
_TICK_S = 0.02
_ONE_TRY = Retry(NoBackoff(), 0)


def run_chaos(seed: int, scale: Scale, directory: Path, patience: timedelta, console: Console) -> Aftermath:
    """Run one seed; raises `RunFailed` when the local platform itself fails."""
    with Stack.start(directory, _PLAN, report=lambda _line: None) as stack:
        environment = stack.environment
        with (
            psycopg.connect(environment.database_url, autocommit=True) as database,
            Redis.from_url(environment.redis_url, socket_timeout=_REDIS_TIMEOUT_S, retry=_ONE_TRY) as redis,
        ):
            pictures = PictureStore(environment)
            urls = [pictures.upload(picture) for picture in (PERSONS[0], GARMENTS[0])]
            arrivals = Arrivals(database, redis, urls)
            disturber = Disturber(stack, directory, scale.longest_freeze)
            _follow(draw_schedule(seed, scale), stack, arrivals, disturber, console)
            _settle(stack, database, patience, console)
            return look_back(environment, arrivals.arrived, disturber.done, disturber.freezes_s)


def _follow(
    schedule: Sequence[Event], stack: Stack, arrivals: Arrivals, disturber: Disturber, console: Console
) -> None:
    started_s = time.monotonic()
    with _progress(console) as progress:
        bar = progress.add_task("chaos", total=len(schedule))
        for event in schedule:
            _tick(stack, arrivals, disturber)
            while time.monotonic() - started_s < event.at_s:
                time.sleep(_TICK_S)
                _tick(stack, arrivals, disturber)
            if isinstance(event.what, Disturbance):
                disturber.happen(event.what, event.dice)
            else:
                arrivals.happen(event.what, event.dice)
            progress.advance(bar)
    disturber.calm()
    arrivals.finish()


def _tick(stack: Stack, arrivals: Arrivals, disturber: Disturber) -> None:
    stack.check()
    arrivals.catch_up()
    disturber.catch_up()


def _settle(stack: Stack, database: psycopg.Connection[Any], patience: timedelta, console: Console) -> None:
    """Wait until every session has ended and every list is empty, or patience has."""
    give_up_s = time.monotonic() + patience.total_seconds()
    with _progress(console) as progress, Redis.from_url(stack.environment.redis_url) as redis:
        bar = progress.add_task("settling", total=None)
        while time.monotonic() < give_up_s:
            stack.check()
            unfinished = sum(not fate.has_ended for fate in read_fates(database).values())
            progress.update(bar, description=f"settling, {unfinished} sessions live")
            if not unfinished and not left_in_redis(redis):
                return
            time.sleep(0.5)


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed:.0f}"), console=console
    )
