"""What happens when: drawn from a seed, so that the same seed gives the same run."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from itertools import cycle, islice


class Disturbance(StrEnum):
    """What is done to the processes and to what surrounds them."""

    KILL_CONSUMER = "kill a consumer"
    KILL_GENERATOR = "kill a generator"
    STOP_CONSUMER = "stop a consumer"
    STOP_GENERATOR = "stop a generator"
    RESTART_REDIS = "restart Redis"
    EMPTY_REDIS = "restart Redis without its data"
    FREEZE_REDIS = "freeze Redis"
    DATABASE_FAULT = "database fault"
    STORAGE_FAULT = "storage fault"
    PROVIDER_FAULT = "provider fault"


class Arrival(StrEnum):
    """What the producer, or somebody else with a hand on the row, does with a task."""

    PLAIN = "plain"
    PUSHED_TWICE = "pushed twice"
    TWO_TASKS = "two tasks for one session"
    MALFORMED = "malformed"
    NOT_PUSHED = "never pushed"
    WRONG_OWNER = "names another owner"
    MADE_UP = "a row that its user made up"
    TAKEN_BACK = "taken back by the app"
    CLEANED_UP = "failed by the app's clean-up"
    UNINSTALLED = "failed as its store uninstalls"
    REOPENED = "reopened by its user"
    CALLED_DONE = "set completed by its user"
    CALLED_FAILED = "set failed by its user"
    GIVEN_AWAY = "given to another owner"


# After these, somebody else has written to the row.
REWRITES = frozenset(
    {
        Arrival.TAKEN_BACK,
        Arrival.CLEANED_UP,
        Arrival.UNINSTALLED,
        Arrival.REOPENED,
        Arrival.CALLED_DONE,
        Arrival.CALLED_FAILED,
        Arrival.GIVEN_AWAY,
    }
)


@dataclass(frozen=True)
class Event:
    """One thing to do, `at_s` after the start; `dice`, from 0 to 1, decides whatever it leaves open."""

    at_s: float
    what: Disturbance | Arrival
    dice: float


@dataclass(frozen=True)
class Scale:
    """How much of everything."""

    tasks: int
    length: timedelta
    disturbances: int  # of the processes and the stand-ins
    redis_troubles: int  # of each kind
    longest_freeze: timedelta


FULL = Scale(1_900, timedelta(seconds=240), 120, 3, timedelta(seconds=60))
SHORT = Scale(60, timedelta(seconds=14), 12, 1, timedelta(seconds=3))

_ODD_SHARE = 0.25  # of the tasks; the others are plain
_ODD = [arrival for arrival in Arrival if arrival is not Arrival.PLAIN]
_REDIS = (Disturbance.RESTART_REDIS, Disturbance.EMPTY_REDIS, Disturbance.FREEZE_REDIS)
_ANY_TIME = [disturbance for disturbance in Disturbance if disturbance not in _REDIS]
_ANY_TIME.append(Disturbance.PROVIDER_FAULT)  # twice: it has the most faults to show


def draw_schedule(seed: int, scale: Scale) -> list[Event]:
    """Draw a run, in order of time.

    Every kind of arrival and of disturbance comes up, as far as their numbers reach. One freeze of Redis
    lasts as long as the scale allows, and no other trouble of Redis cuts it short.
    """
    dice = random.Random(seed)  # noqa: S311 - repeatable, not secret
    events = [
        *_draw_arrivals(dice, scale),
        *_draw_disturbances(dice, scale),
        *_draw_redis_trouble(dice, scale),
    ]
    return sorted(events, key=lambda event: event.at_s)


def _draw_arrivals(dice: random.Random, scale: Scale) -> Iterator[Event]:
    odd = list(islice(cycle(_ODD), int(scale.tasks * _ODD_SHARE)))
    plain = [Arrival.PLAIN] * (scale.tasks - len(odd))
    for arrival in [*odd, *plain]:
        yield Event(dice.uniform(0, scale.length.total_seconds()), arrival, dice.random())


def _draw_disturbances(dice: random.Random, scale: Scale) -> Iterator[Event]:
    """Space the dice of each kind evenly: where there are as many as faults to choose from, each comes up."""
    for what, count in Counter(islice(cycle(_ANY_TIME), scale.disturbances)).items():
        offset = dice.random()
        for number in range(count):
            yield Event(dice.uniform(0, scale.length.total_seconds()), what, (number + offset) / count)


def _draw_redis_trouble(dice: random.Random, scale: Scale) -> Iterator[Event]:
    """Spread it out, so that each trouble meets a system that has recovered from the last."""
    whats = list(_REDIS * scale.redis_troubles)
    dice.shuffle(whats)
    longest = whats.index(Disturbance.FREEZE_REDIS)
    longest_s = scale.longest_freeze.total_seconds()
    share_s = (scale.length.total_seconds() - longest_s) / len(whats)
    start_s = 0.0
    for number, what in enumerate(whats):
        at_s = start_s + share_s * dice.uniform(0.1, 0.4)
        yield Event(at_s, what, 1 if number == longest else dice.random())
        start_s += share_s + (longest_s if number == longest else 0)
