"""How much waits where, and for how long: a few commands, whatever the length of the queues."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import cast

from redis.asyncio import Redis

from wearon_common import keys
from wearon_common.channel import Channel
from wearon_common.metrics.task_ages import age_s
from wearon_consumer.fair_queue import message_of

_UNACKED = "unacked_index"  # kombu: messages that generators hold, delivery tag → when it was delivered
_MICROSECONDS = 1_000_000


class QueueName(StrEnum):
    """The places where a task can wait, in the order of its way."""

    TASKS = "tasks"
    PROCESSING = "processing"
    WAITING_B2C = "waiting_b2c"
    WAITING_B2B = "waiting_b2b"
    CELERY_B2C = "celery_b2c"
    CELERY_B2B = "celery_b2b"
    UNACKED = "unacked"


@dataclass(frozen=True)
class QueueState:
    """How many entries there are, and the age in seconds of the one that is next."""

    entries: int
    oldest_s: float


@dataclass(frozen=True)
class QueueStates:
    """What Redis holds at one moment. `provider_paused_until_s` is unix time, 0 without a pause."""

    queues: Mapping[QueueName, QueueState]
    dead_letters: int
    consumers_alive: int
    provider_paused_until_s: float


async def read_queue_states(redis: Redis) -> QueueStates:
    """Ask Redis who the consumers are, then for all the rest at once."""
    consumers = [cast("bytes", name).decode() for name in await redis.smembers(keys.CONSUMERS)]
    lists = [keys.TASKS, *(each.traits.queue for each in Channel), *map(keys.processing, consumers)]
    sorted_sets = [*map(keys.waiting, Channel), _UNACKED]
    async with redis.pipeline(transaction=False) as asked:
        for name in lists:
            asked.llen(name)
            asked.lindex(name, -1)
        for name in sorted_sets:
            asked.zcard(name)
            asked.zrange(name, 0, 0, withscores=True)
        asked.llen(keys.DEAD_LETTERS)
        asked.get(keys.PROVIDER_PAUSED_UNTIL)
        for consumer in consumers:
            asked.exists(keys.heartbeat(consumer))
        answers = iter(await asked.execute())
    # How many entries each has, and the next one.
    found = {name: (next(answers), next(answers)) for name in (*lists, *sorted_sets)}
    return QueueStates(
        queues={
            QueueName.TASKS: _list_state(*found[keys.TASKS], _entry_age_s),
            QueueName.PROCESSING: _together(
                [_list_state(*found[keys.processing(consumer)], _entry_age_s) for consumer in consumers]
            ),
            QueueName.WAITING_B2C: _waiting_state(*found[keys.waiting(Channel.B2C)]),
            QueueName.WAITING_B2B: _waiting_state(*found[keys.waiting(Channel.B2B)]),
            QueueName.CELERY_B2C: _list_state(*found[Channel.B2C.traits.queue], _message_age_s),
            QueueName.CELERY_B2B: _list_state(*found[Channel.B2B.traits.queue], _message_age_s),
            QueueName.UNACKED: _unacked_state(*found[_UNACKED]),
        },
        dead_letters=next(answers),
        provider_paused_until_s=int(next(answers) or 0) / _MICROSECONDS,
        consumers_alive=sum(answers),
    )


def _list_state(entries: int, last: bytes | None, age_s_of: Callable[[bytes], float]) -> QueueState:
    return QueueState(entries, age_s_of(last) if last else 0.0)


def _together(states: Sequence[QueueState]) -> QueueState:
    return QueueState(
        sum(state.entries for state in states), max((state.oldest_s for state in states), default=0.0)
    )


def _waiting_state(entries: int, first: Sequence[tuple[bytes, float]]) -> QueueState:
    return QueueState(entries, _message_age_s(message_of(first[0][0])) if first else 0.0)


def _unacked_state(entries: int, first: Sequence[tuple[bytes, float]]) -> QueueState:
    return QueueState(entries, max(0.0, time.time() - first[0][1]) if first else 0.0)


def _entry_age_s(entry: bytes) -> float:
    return _age_s(entry, "created_at")


def _message_age_s(message: bytes) -> float:
    return _age_s(message, "headers", "created_at")


def _age_s(json_object: bytes, *path: str) -> float:
    """Tell the age of what may be anything, since the producer's list has no guard in front of it."""
    try:
        value = json.loads(json_object)
        for name in path:
            value = value[name]
        return age_s(datetime.fromisoformat(value))
    except (ValueError, KeyError, TypeError, RecursionError):
        return 0.0
