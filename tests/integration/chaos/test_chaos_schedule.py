"""What a seed decides, and what every seed must bring."""

from enum import StrEnum

import pytest

from wearon_devkit.chaos.disturber import choose
from wearon_devkit.chaos.schedule import FULL, SHORT, Arrival, Disturbance, Event, Scale, draw_schedule
from wearon_devkit.openai_local.faults import FaultKind
from wearon_devkit.supabase_local.faults import Kind

SEEDS = range(20)
REDIS_TROUBLE = {Disturbance.RESTART_REDIS, Disturbance.EMPTY_REDIS, Disturbance.FREEZE_REDIS}


def test_the_same_seed_gives_the_same_schedule() -> None:
    assert draw_schedule(7, FULL) == draw_schedule(7, FULL)
    assert draw_schedule(7, FULL) != draw_schedule(8, FULL)


@pytest.mark.parametrize("seed", SEEDS)
def test_redis_is_out_of_reach_for_a_whole_minute_once(seed: int) -> None:
    trouble = [event for event in draw_schedule(seed, FULL) if event.what in REDIS_TROUBLE]
    [longest] = [event for event in trouble if event.what is Disturbance.FREEZE_REDIS and event.dice == 1]
    assert FULL.longest_freeze.total_seconds() == 60
    thaw_s = longest.at_s + 60
    assert thaw_s < FULL.length.total_seconds()
    assert not [event for event in trouble if longest.at_s < event.at_s < thaw_s]


def test_the_minute_comes_at_another_time_with_another_seed() -> None:
    assert len({longest_freeze(seed).at_s for seed in SEEDS}) == len(SEEDS)


def longest_freeze(seed: int) -> Event:
    freezes = (e for e in draw_schedule(seed, FULL) if e.what is Disturbance.FREEZE_REDIS)
    return max(freezes, key=lambda event: event.dice)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("disturbance", "kinds"),
    [
        (Disturbance.DATABASE_FAULT, Kind),
        (Disturbance.STORAGE_FAULT, Kind),
        (Disturbance.PROVIDER_FAULT, FaultKind),
    ],
)
def test_every_fault_of_the_stand_ins_comes_up(
    seed: int, disturbance: Disturbance, kinds: type[StrEnum]
) -> None:
    drawn = [event.dice for event in draw_schedule(seed, FULL) if event.what is disturbance]
    assert {choose(list(kinds), dice) for dice in drawn} == set(kinds)


@pytest.mark.parametrize("scale", [FULL, SHORT])
def test_everything_that_can_happen_happens(scale: Scale) -> None:
    assert {event.what for event in draw_schedule(7, scale)} == {*Arrival, *Disturbance}
