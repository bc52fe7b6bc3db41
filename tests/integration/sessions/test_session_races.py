"""The session functions under many callers at once: no deadlock, one ending, exact books."""

import os
import random
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from integration.sessions.session_race import MeddlingRacer, Racer, race
from integration.sessions.session_world import KINDS, World, connections_to, new_world
from redis import Redis

_THREADS = 8
_CALLS = 40
_ROUNDS = int(os.environ.get("SESSION_EXAMPLES", "30")) // 10


@pytest.fixture
def fresh_world(postgres: str, redis_url: str) -> Iterator[Callable[[], World]]:
    with connections_to(postgres, 1) as connections, Redis.from_url(redis_url) as redis:
        yield partial(new_world, postgres, connections, redis)


@pytest.mark.parametrize("kind", KINDS)
def test_a_session_that_all_call_about_at_once_ends_once(
    fresh_world: Callable[[], World], postgres: str, kind: str
) -> None:
    for seed in range(_ROUNDS):
        world = fresh_world()
        world.submit(kind, f"req_{seed}")
        endings = _race(Racer, world, postgres, seed)
        _end_what_is_left(world)
        facts = world.facts()
        (account,), (session,) = facts.accounts.values(), facts.sessions.values()
        assert session.status == session.outcome
        assert account.refunded == max(0, account.deducted - account.used)
        assert endings.count("refunded") <= account.refunded


@pytest.mark.parametrize("request_id", ["again", None])
@pytest.mark.parametrize("kind", ["b2c", "store", "shopper"])
def test_sessions_of_one_account_that_all_call_about_at_once_are_settled_exactly(
    fresh_world: Callable[[], World], postgres: str, kind: str, request_id: str | None
) -> None:
    for seed in range(_ROUNDS):
        world = fresh_world()
        world.submit(kind, request_id)
        for _other in range(3):
            submit = world.insert_unpaid if request_id and kind != "b2c" else world.submit
            submit(kind, request_id)
        _race(Racer, world, postgres, seed)
        _end_what_is_left(world)
        (account,) = world.facts().accounts.values()
        assert account.refunded == max(0, account.deducted - account.used)


@pytest.mark.parametrize("kind", ["b2c", "store"])
def test_nobody_deadlocks_when_others_refund_and_edit_meanwhile(
    fresh_world: Callable[[], World], postgres: str, kind: str
) -> None:
    for seed in range(_ROUNDS):
        world = fresh_world()
        for number in range(3):
            world.submit(kind, f"req_{number}")
        endings = _race(MeddlingRacer, world, postgres, seed)
        sessions = world.facts().sessions.values()
        assert endings.count("refunded") == sum(session.refund_result == "refunded" for session in sessions)


def _race(racer: type[Racer], world: World, database_url: str, seed: int) -> list[str]:
    with connections_to(database_url, _THREADS) as connections:
        racers = [
            racer(connection, world.try_ons, _luck(seed, number), _CALLS)
            for number, connection in enumerate(connections)
        ]
        return race(racers)


def _luck(seed: int, number: int) -> random.Random:
    return random.Random(f"{seed} {number}")  # noqa: S311 - the same again for the same seed


def _end_what_is_left(world: World) -> None:
    for try_on in world.try_ons:
        world.expire(try_on)
        world.functions(try_on).fail(None)
