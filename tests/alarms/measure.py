"""Breaks backends, each in its own way, and takes the time until each alarm."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from alarms.breakages import Breakage
from alarms.scene import Scene

# Long enough for every rate to have its values, and for an alarm without a reason to show.
CALM_S = 120.0
LONGEST_S = 300.0
# A try-on every two seconds in every scene; the alarms are looked at as often.
_TICK_S = 2.0


@dataclass
class Measured:
    """What became of one break; `after_s` None means that its alarm did not come in time."""

    breakage: Breakage
    before: set[str] = field(default_factory=set)
    after_s: float | None = None
    also: set[str] = field(default_factory=set)

    @property
    def is_kept(self) -> bool:
        """Whether the alarm came in time, and none before there was a reason."""
        return self.after_s is not None and not self.before


def measure(
    breakages: Sequence[Breakage], directory: Path, report: Callable[[str], None], calm_s: float = CALM_S
) -> list[Measured]:
    """Break one backend for each breakage, all at the same time, each after a calm while of its own.

    `report` gets a line for each alarm. Raises `RunFailed`.
    """
    with ExitStack() as opened:
        scenes = [opened.enter_context(Scene.open(directory / each.name)) for each in breakages]
        for _ in _ticks(calm_s):
            _keep_working(scenes)
        results = [Measured(each, scene.firing()) for each, scene in zip(breakages, scenes, strict=True)]
        broken_at_s = [_break(each, scene) for each, scene in zip(breakages, scenes, strict=True)]
        for _ in _ticks(LONGEST_S):
            _keep_working(scenes)
            for result, scene, since_s in zip(results, scenes, broken_at_s, strict=True):
                _look(result, scene, since_s, report)
            if all(result.after_s is not None for result in results):
                break
    return results


def _break(breakage: Breakage, scene: Scene) -> float:
    breakage.act(scene)
    return time.monotonic()


def _look(result: Measured, scene: Scene, since_s: float, report: Callable[[str], None]) -> None:
    if result.after_s is not None:
        return
    firing = scene.firing()
    result.also |= firing - {result.breakage.alert}
    after_s = time.monotonic() - since_s
    if result.breakage.alert in firing and after_s <= LONGEST_S:
        result.after_s = after_s
        report(f"{result.breakage.what}: {result.breakage.alert} after {after_s:.0f} s")


def _keep_working(scenes: Sequence[Scene]) -> None:
    for scene in scenes:
        scene.submit()


def _ticks(longest_s: float) -> Iterator[None]:
    end_s = time.monotonic() + longest_s
    next_s = time.monotonic()
    while next_s < end_s:
        yield
        next_s += _TICK_S
        time.sleep(max(0.0, next_s - time.monotonic()))
