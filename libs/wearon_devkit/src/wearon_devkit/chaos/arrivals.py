"""Carries out the arrivals of a schedule: one app server, and the other writers of its rows."""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import psycopg
from redis import Redis
from redis.exceptions import RedisError

from wearon_common.channel import Channel
from wearon_devkit.chaos.schedule import Arrival
from wearon_devkit.producer import Payer, Producer, PushFailedError, TryOn, task_of

_CREDITS = 5
_SHOPPER = "shopper@example.com"
_MEANWHILE_S = 3.0  # the longest time until another writer touches the row

# After these, the producer or the user has rewritten the row: the audit has something to say about its owner.
_REWRITTEN = frozenset({Arrival.TAKEN_BACK, Arrival.CLEANED_UP, Arrival.REOPENED, Arrival.CLAIMED_DONE})


@dataclass
class Arrived:
    """Everything that was asked for so far."""

    try_ons: list[TryOn] = field(default_factory=list)
    rewritten_owners: set[UUID] = field(default_factory=set)
    refused_at_the_door: int = 0


class Arrivals:
    """Submits try-ons in every way that a schedule knows."""

    def __init__(self, database: psycopg.Connection[Any], redis: Redis, image_urls: Sequence[str]) -> None:
        self._producer = Producer(database, redis)
        self._image_urls = image_urls
        self._later: list[tuple[float, Callable[[], None]]] = []
        self.arrived = Arrived()

    def happen(self, arrival: Arrival, dice: float) -> None:
        """Let one task arrive in one way; what follows from it comes with a later `catch_up`."""
        try_on = self._try_on(arrival, dice)
        self.arrived.try_ons.append(try_on)
        try:
            self._submit(arrival, try_on)
        except PushFailedError:
            self.arrived.refused_at_the_door += 1
            self.arrived.rewritten_owners.add(try_on.owner_id)
        self._plan_rewrite(arrival, try_on, dice)

    def catch_up(self) -> None:
        """Do what is due."""
        now = time.monotonic()
        due = [action for at, action in self._later if at <= now]
        self._later = [(at, action) for at, action in self._later if at > now]
        for action in due:
            action()

    def finish(self) -> None:
        """Do what is still to come at once."""
        for _, action in self._later:
            action()
        self._later = []

    def _try_on(self, arrival: Arrival, dice: float) -> TryOn:
        """Give it an owner of its own, so that whatever is odd about one hides nothing about another."""
        if arrival in _REWRITTEN or dice < 1 / 3:
            try_on = TryOn(Channel.B2C, self._producer.add_user(_CREDITS), self._image_urls)
        else:
            store = self._producer.add_store(_CREDITS, _SHOPPER, _CREDITS)
            payer = Payer.STORE if dice < 2 / 3 else Payer.SHOPPER
            try_on = TryOn(Channel.B2B, store, self._image_urls, payer=payer, shopper_email=_SHOPPER)
        if arrival in _REWRITTEN:
            self.arrived.rewritten_owners.add(try_on.owner_id)
        return try_on

    def _submit(self, arrival: Arrival, try_on: TryOn) -> None:
        match arrival:
            case Arrival.NOT_PUSHED:
                self._book(try_on)
            case Arrival.MALFORMED:
                self._book(try_on)
                self._push({**task_of(try_on), "version": 2})
            case Arrival.WRONG_OWNER:
                self._book(try_on)
                self._push({**task_of(try_on), try_on.channel.traits.owner_field: str(uuid4())})
            case Arrival.PUSHED_TWICE:
                self._push(self._producer.submit(try_on))
            case Arrival.TWO_TASKS:
                self._producer.submit(try_on)
                self._push(task_of(try_on))
            case _:
                self._producer.submit(try_on)

    def _book(self, try_on: TryOn) -> None:
        self._producer.deduct(try_on)
        self._producer.insert_session(try_on)

    def _push(self, task: dict[str, Any]) -> None:
        try:
            self._producer.push(json.dumps(task))
        except RedisError:
            return  # one more way in which a task never arrives

    def _plan_rewrite(self, arrival: Arrival, try_on: TryOn, dice: float) -> None:
        rewrites: dict[Arrival, Callable[[], None]] = {
            Arrival.TAKEN_BACK: lambda: self._producer.take_back(try_on),
            Arrival.CLEANED_UP: lambda: self._producer.take_back(try_on),
            Arrival.REOPENED: lambda: self._producer.set_status(try_on, "queued"),
            Arrival.CLAIMED_DONE: lambda: self._producer.set_status(try_on, "completed"),
        }
        if arrival in rewrites:
            wait_s = 0 if arrival is Arrival.TAKEN_BACK else dice * _MEANWHILE_S
            self._later.append((time.monotonic() + wait_s, rewrites[arrival]))
