"""Carries out the arrivals of a schedule: one app server, and the other writers of its rows."""

import json
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import psycopg
from redis import Redis
from redis.exceptions import RedisError

from wearon_common.channel import Channel
from wearon_devkit.chaos.rewrites import OtherWriters, Rewrite, Steps, rewrite_of
from wearon_devkit.chaos.schedule import REWRITES, Arrival
from wearon_devkit.producer import Payer, Producer, PushFailedError, TryOn, task_of

_CREDITS = 5
_SHOPPER = "shopper@example.com"
_EARLY_SHARE = 0.3  # of the rewrites come before the push
_MEANWHILE_S = 3.0  # the longest time until another writer comes
_BETWEEN_STEPS_S = 0.2  # of another writer
_USERS_ONLY = frozenset(
    {Arrival.MADE_UP, Arrival.CLEANED_UP, Arrival.REOPENED, Arrival.CALLED_DONE, Arrival.CALLED_FAILED}
)
# Stores pay mostly with credits, their own or a shopper's.
_PAYERS = (*(Payer.STORE, Payer.SHOPPER) * 4, Payer.OVERAGE, Payer.NOBODY)


@dataclass
class Arrived:
    """Everything that was asked for so far, and what others did to it, by session."""

    try_ons: list[TryOn] = field(default_factory=list)
    rewrites: dict[UUID, Rewrite] = field(default_factory=dict)
    refused_at_the_door: int = 0


class Arrivals:
    """Submits try-ons in every way that a schedule knows."""

    def __init__(self, database: psycopg.Connection[Any], redis: Redis, image_urls: Sequence[str]) -> None:
        self._producer = Producer(database, redis)
        self._others = OtherWriters(database, self._producer)
        self._image_urls = image_urls
        self._later: list[tuple[float, Callable[[], None]]] = []
        self.arrived = Arrived()

    def happen(self, arrival: Arrival, dice: float) -> None:
        """Let one task arrive in one way; what follows from it comes with a later `catch_up`."""
        choices = random.Random(dice)  # noqa: S311 - repeatable, not secret
        try_on = self._try_on(arrival, choices)
        self.arrived.try_ons.append(try_on)
        if arrival not in REWRITES:
            self._submit(arrival, try_on)
        elif choices.random() < _EARLY_SHARE:
            self._book(try_on)
            self._rewrite(try_on, self._others.begin(arrival, try_on))
            self._push(task_of(try_on))
        elif self._submit(arrival, try_on):
            # What failed to be pushed has been taken back: nobody looks at it any more.
            wait_s = 0 if arrival is Arrival.TAKEN_BACK else choices.uniform(0, _MEANWHILE_S)
            self._plan(wait_s, lambda: self._rewrite_slowly(try_on, self._others.begin(arrival, try_on)))

    def catch_up(self) -> None:
        """Do what is due."""
        now_s = time.monotonic()
        due = [action for at_s, action in self._later if at_s <= now_s]
        self._later = [(at_s, action) for at_s, action in self._later if at_s > now_s]
        for action in due:
            action()

    def finish(self) -> None:
        """Do what is still to come at once."""
        while self._later:
            _, action = self._later.pop(0)
            action()

    def _try_on(self, arrival: Arrival, choices: random.Random) -> TryOn:
        """Give it an owner of its own, so that whatever is odd about one hides nothing about another."""
        is_b2c = arrival in _USERS_ONLY or choices.random() < 1 / 3
        if is_b2c and arrival is not Arrival.UNINSTALLED:
            return TryOn(Channel.B2C, self._producer.add_user(_CREDITS), self._image_urls)
        store = self._producer.add_store(_CREDITS, _SHOPPER, _CREDITS)
        payer = choices.choice(_PAYERS)
        return TryOn(Channel.B2B, store, self._image_urls, payer=payer, shopper_email=_SHOPPER)

    def _submit(self, arrival: Arrival, try_on: TryOn) -> bool:
        """Ask for it; False when the app could not push it, and has taken it back."""
        try:
            self._ask_for(arrival, try_on)
        except PushFailedError as failure:
            self.arrived.refused_at_the_door += 1
            self.arrived.rewrites[try_on.session_id] = rewrite_of(failure.taken_back)
            return False
        return True

    def _ask_for(self, arrival: Arrival, try_on: TryOn) -> None:
        match arrival:
            case Arrival.MADE_UP:
                self._producer.insert_session(try_on)
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

    def _rewrite(self, try_on: TryOn, steps: Steps) -> None:
        self.arrived.rewrites[try_on.session_id] = next(rewrite for rewrite in steps if rewrite)

    def _rewrite_slowly(self, try_on: TryOn, steps: Steps) -> None:
        rewrite = next(steps)
        if rewrite:
            self.arrived.rewrites[try_on.session_id] = rewrite
        else:
            self._plan(_BETWEEN_STEPS_S, partial(self._rewrite_slowly, try_on, steps))

    def _plan(self, wait_s: float, action: Callable[[], None]) -> None:
        self._later.append((time.monotonic() + wait_s, action))
