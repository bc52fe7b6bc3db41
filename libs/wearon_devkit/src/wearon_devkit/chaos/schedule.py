"""What happens when: drawn from a seed, so that the same seed gives the same run."""

import random
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


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
    TAKEN_BACK = "taken back, yet it arrived"
    CLEANED_UP = "the producer's clean-up fails it meanwhile"
    REOPENED = "the user reopens the row"
    CLAIMED_DONE = "the user sets the row completed"


@dataclass(frozen=True)
class Event:
    """One thing to do, `at_s` after the start; `dice` decides whatever it leaves open."""

    at_s: float
    what: Disturbance | Arrival
    dice: float


@dataclass(frozen=True)
class Scale:
    """How much of everything."""

    tasks: int
    length: timedelta
    disturbances: int
    redis_restarts: int
    longest_freeze: timedelta


FULL = Scale(1_200, timedelta(seconds=215), 110, 3, timedelta(seconds=60))
SHORT = Scale(60, timedelta(seconds=14), 12, 1, timedelta(seconds=3))

_ODD_SHARE = 0.25  # of the tasks; the others are plain
_REDIS = (Disturbance.RESTART_REDIS, Disturbance.EMPTY_REDIS, Disturbance.FREEZE_REDIS)
_ANY_TIME = [disturbance for disturbance in Disturbance if disturbance not in _REDIS]


def draw_schedule(seed: int, scale: Scale) -> list[Event]:
    """Draw a run, in order of time."""
    dice = random.Random(seed)  # noqa: S311 - repeatable, not secret
    length_s = scale.length.total_seconds()
    whats: list[Disturbance | Arrival] = [
        *(_draw_arrival(dice) for _ in range(scale.tasks)),
        *(dice.choice(_ANY_TIME) for _ in range(scale.disturbances)),
    ]
    anywhere = [Event(dice.uniform(0, length_s), what, dice.random()) for what in whats]
    return sorted([*anywhere, *_draw_redis_trouble(dice, scale)], key=lambda event: event.at_s)


def _draw_redis_trouble(dice: random.Random, scale: Scale) -> list[Event]:
    """Spread it out, so that each trouble meets a system that has recovered from the last."""
    whats = list(_REDIS * scale.redis_restarts)
    dice.shuffle(whats)
    share_s = scale.length.total_seconds() / len(whats)
    return [
        Event(share_s * (number + dice.uniform(0.1, 0.4)), what, dice.random())
        for number, what in enumerate(whats)
    ]


def _draw_arrival(dice: random.Random) -> Arrival:
    return dice.choice(list(Arrival)) if dice.random() < _ODD_SHARE else Arrival.PLAIN
