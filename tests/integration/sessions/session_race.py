"""Workers, consumers, sweepers and the producer who all call at once, each on a connection of its own."""

import random
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import psycopg
from session_functions import SessionFunctions

from wearon_common.channel import Channel
from wearon_devkit.producer import TryOn


@dataclass
class Racer:
    """One thread: calls at random whatever may be called, on sessions that all the others call about too."""

    database: psycopg.Connection[Any]
    try_ons: Sequence[TryOn]
    luck: random.Random
    calls: int

    def run(self, start: threading.Barrier) -> list[str]:
        """Begin together with the others; give what `fail` said each time."""
        endings: list[str] = []
        start.wait()
        for _call in range(self.calls):
            session = SessionFunctions(self.database, self.luck.choice(self.try_ons))
            call = self.luck.choice(self._calls(session))
            ending = call()
            if isinstance(ending, str):
                endings.append(ending)
        return endings

    def _calls(self, session: SessionFunctions) -> Sequence[Callable[[], object]]:
        attempt = self.luck.randint(1, 3)
        return (
            lambda: session.claim(claim_id=uuid4()),
            lambda: session.claim(lease_s=0),
            lambda: session.renew(attempt),
            lambda: session.requeue(attempt),
            lambda: session.complete(attempt),
            lambda: session.fail(attempt),
            lambda: session.fail(None),
            session.stuck,
        )


@dataclass
class MeddlingRacer(Racer):
    """A thread that also refunds and edits as others do."""

    def _calls(self, session: SessionFunctions) -> Sequence[Callable[[], object]]:
        return (
            *super()._calls(session),
            lambda: self._refund(session.try_on),
            lambda: self._edit(session.try_on),
        )

    def _refund(self, try_on: TryOn) -> None:
        with suppress(psycopg.errors.UniqueViolation):
            if try_on.channel is Channel.B2C:
                self.database.execute("select public.refund_credits(%s, 1)", [try_on.owner_id])
            else:
                statement = "select public.refund_store_credits(%s, 1, %s)"
                self.database.execute(statement, [try_on.owner_id, try_on.request_id])

    def _edit(self, try_on: TryOn) -> None:
        table = {Channel.B2C: "generation_sessions", Channel.B2B: "store_generation_sessions"}[try_on.channel]
        status = self.luck.choice(["queued", "failed", "completed"])
        self.database.execute(
            f"update public.{table} set status = %s where id = %s", [status, try_on.session_id]
        )


def race(racers: Sequence[Racer]) -> list[str]:
    """Let them all run at once; raises what a database call raised, a deadlock among others."""
    start = threading.Barrier(len(racers))
    with ThreadPoolExecutor(len(racers)) as pool:
        runs = [pool.submit(racer.run, start) for racer in racers]
        return [ending for run in runs for ending in run.result()]
