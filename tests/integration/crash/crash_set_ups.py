"""What must befall a session so that a process comes to a step for it.

Each set-up is an iterator: with every step of it, it lets time pass. It ends when the process has died.
"""

import json
import os
import signal
import time
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any, cast

import psycopg
from integration.crash.crash_plan import Case, CrashPlan, runs
from redis import Redis

from wearon_common import keys
from wearon_common.celery_app import make_celery
from wearon_common.settings import BrokerSettings
from wearon_common.task import GenerationTask
from wearon_consumer.celery_messages import CeleryMessages
from wearon_consumer.entry import digest
from wearon_devkit.chaos.steps import Need
from wearon_devkit.producer import Producer
from wearon_devkit.provider_control import ProviderControl
from wearon_devkit.stack import Stack

# By the times of `crash_lab.TIMES`: longer than half a lease, and than a lease.
_SLOW_S = 2
_VERY_SLOW_S = 3.5
_RETRY_AFTER_S = 4  # a generator that is told to stop looks up within two seconds
_LONG_AGO = 1
_PATIENCE_S = 20

Turns = Iterator[None]


def side_by_side(*set_ups: Turns) -> Turns:
    """Carry out several at once."""
    for _ in zip_longest(*set_ups):
        yield


class SetUps:
    """What the producer, other writers, the provider and the operator do to sessions and processes."""

    def __init__(
        self, stack: Stack, database: psycopg.Connection[Any], redis: Redis, plan: CrashPlan
    ) -> None:
        self._database = database
        self._redis = redis
        self._plan = plan
        self._producer = Producer(database, redis)
        self._provider = ProviderControl(stack.environment)
        settings = BrokerSettings.model_validate({"redis_url": stack.environment.redis_url})
        self._messages = CeleryMessages(make_celery(settings))
        children = [service.child for service in stack.services]
        self._stopped: set[str] = set()
        self._generators = [child for child in children if child.name.startswith("generator")]

    def submit(self, case: Case) -> None:
        """Ask for a generation that needs no more than an answer of the provider."""
        match case.step.need:
            case Need.FAILS:
                self._script(case, "moderation_blocked", times=None)
            case Need.THROTTLED:
                self._script(case, "rate_limit_exceeded")
            case Need.SLOW:
                self._script(case, "slow", latency_s=_SLOW_S)
        self._plan.add(case)
        self._pay(case)
        if case.step.need is not Need.LOST:
            self._producer.push(case.entry)

    def orphan(self, case: Case, times_before: int) -> Turns:
        """Leave the entry in the list of a consumer that is dead, as `times_before` others before it."""
        dead = f"dead-{case.session}"
        self._plan.add(case)
        self._pay(case)
        with self._redis.pipeline(transaction=True) as transaction:
            if times_before:
                transaction.hset(keys.RECOVERED, digest(case.entry), str(times_before))
            transaction.sadd(keys.CONSUMERS, dead)
            transaction.lpush(keys.processing(dead), case.entry)
            transaction.execute()
        yield from self.until_dead(case)

    def stop_consumer(self, case: Case) -> Turns:
        """Tell a consumer to stop that has the entry in its list."""
        while (name := self._consumer_to_stop()) is None:
            yield
        self._stopped.add(name)
        pid = _pid(name)
        self._pay(case)
        self._plan.add(case, about=f"process-{pid}")
        self._redis.lpush(keys.processing(name), case.entry)
        os.kill(pid, signal.SIGTERM)
        yield from self.until_dead(case)

    def stop_generators(self, running: Sequence[Case], waiting: Sequence[Case]) -> Turns:
        """Tell all generators to stop while they run some tasks and hold the retries of others."""
        for case in waiting:
            self._script(case, "rate_limit_exceeded", latency_s=0.5, retry_after_s=_RETRY_AFTER_S)
        for case in running:
            self._script(case, "slow", latency_s=_VERY_SLOW_S)
        for case in (*waiting, *running):
            self._pay(case)
            self._producer.push(case.entry)
        while not (all(map(self._retry_of, waiting)) and all(map(self._is_claimed, running))):
            yield
        for case in waiting:
            self._plan.add(case, about=self._retry_of(case))
        for case in running:
            self._plan.add(case)
        for generator in self._generators:
            os.kill(generator.pid, signal.SIGHUP)
        yield from side_by_side(*map(self.until_dead, (*waiting, *running)))

    def take_back(self, case: Case) -> Turns:
        """Let the producer's clean-up fail and refund the session while its image is being made."""
        self._script(case, "slow", latency_s=_VERY_SLOW_S)
        self._pay(case)
        self._producer.push(case.entry)
        while not self._is_claimed(case):
            yield
        self._producer.take_back(case.try_on)
        self._plan.add(case)
        yield from self.until_dead(case)

    def abandon(self, case: Case) -> Turns:
        """Leave the message among those that generators hold, though the one that held it is dead."""
        message = json.loads(self._messages.make(GenerationTask.parse(case.entry)))
        tag, queue = message["properties"]["delivery_tag"], case.try_on.channel.traits.queue
        self._plan.add(case, about=tag)
        self._pay(case)
        with self._redis.pipeline(transaction=True) as transaction:
            transaction.hset("unacked", tag, json.dumps([message, "", queue]))
            transaction.zadd("unacked_index", {tag: _LONG_AGO})
            transaction.execute()
        yield from self.until_dead(case)

    def until_dead(self, case: Case) -> Turns:
        """Wait until a process has died at the step; not for ever, as the test says what has not happened."""
        give_up = time.monotonic() + _PATIENCE_S
        while not self._plan.has_happened(case) and time.monotonic() < give_up:
            yield

    def _script(self, case: Case, kind: str, times: int | None = 1, **fault: float) -> None:
        self._provider.add_fault(kind, prompt_contains=case.try_on.prompt, times=times, **fault)

    def _pay(self, case: Case) -> None:
        self._producer.deduct(case.try_on)
        self._producer.insert_session(case.try_on)

    def _is_claimed(self, case: Case) -> bool:
        rows = self._database.execute(
            "select 1 from wearon.generations where session_id = %s", (case.session,)
        )
        return rows.fetchone() is not None

    def _retry_of(self, case: Case) -> str | None:
        """Give the tag of the message that some generator holds until it is time for the retry."""
        for tag, held in self._redis.hgetall("unacked").items():
            headers = json.loads(held)[0]["headers"]
            if headers["session_id"] == case.session and headers["eta"]:
                return cast("bytes", tag).decode()
        return None

    def _consumer_to_stop(self) -> str | None:
        """Give the name of a consumer that runs and has not been told to stop."""
        heartbeats = cast("list[bytes]", self._redis.keys(keys.heartbeat("*")))
        beating = {key.decode().removeprefix(keys.heartbeat("")) for key in heartbeats}
        return next((name for name in beating - self._stopped if runs(_pid(name))), None)


def _pid(consumer: str) -> int:
    _host, pid, _token = consumer.rsplit("-", 2)
    return int(pid)
