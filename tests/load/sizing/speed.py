"""How fast sizing is, against MediaPipe alone on the same picture and machine.

    python -m load.sizing.speed PHOTO --model FILE

MediaPipe's bare `detect` gets the picture as it is, decoded beforehand; an estimate is all that the service
does between a picture's bytes and the answer. They take turns, and processor time is told beside time that
passes, so that what else the machine does tells less. Landmarkers of one process are faster or slower than
those of another, by some percent and for as long as they live: several processes are asked. The photo is
measured as it is and as phones would take it: the larger, the more the bare call costs. Exit status 1 when a
promise is missed.
"""

import asyncio
import os
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, nullcontext
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Annotated, Any

import mediapipe as mp
import numpy as np
import typer

from load.images.photos import TWELVE_MEGAPIXELS, phone_photo
from wearon_common.images import decode_image
from wearon_sizing.decode import decode_picture
from wearon_sizing.estimator import Estimator
from wearon_sizing.landmarker_pool import LandmarkerPool
from wearon_sizing.measurement import Person, load_shape_model
from wearon_sizing.pose_landmarker import open_pose_landmarker
from wearon_sizing.pose_model import read_pose_model
from wearon_sizing.quiet_stderr import quiet_stderr
from wearon_sizing.sizes import DEFAULT_CHART, load_charts

_PROCESSES = 5
_ROUNDS = 12
_SATURATED_ROUNDS, _SATURATED_S = 3, 1.5
_PHONES = ((1200, 1600), TWELVE_MEGAPIXELS)
_MOST_OVERHEAD, _LEAST_SATURATED = 1.3, 0.9

Work = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class _Cost:
    """Milliseconds per picture: that passed, and of the processor."""

    wall_ms: float
    cpu_ms: float


Rounds = list[list[_Cost]]
"""What a picture cost in each round, of each of the works that took turns in it."""


def main(photo: Path, model: Annotated[Path, typer.Option(envvar="POSE_MODEL_PATH")]) -> None:
    """Compare the service's own path with bare landmarkers."""
    pictures = [photo.read_bytes(), *(phone_photo(size, scene=photo) for size in _PHONES)]
    kept = [_compare(picture, read_pose_model(model)) for picture in pictures]
    sys.exit(0 if all(kept) else 1)


def _compare(picture: bytes, model: bytes) -> bool:
    _print("{} x {} pixels".format(*decode_image(picture, max_side_px=None).size))
    alone: Rounds = []
    saturated: Rounds = []
    with ProcessPoolExecutor(1, get_context("spawn"), max_tasks_per_child=1) as processes:
        for _ in range(_PROCESSES):
            more_alone, more_saturated = processes.submit(_measure, picture, model).result()
            alone += more_alone
            saturated += more_saturated
    return all([_tell_alone(alone), _tell_saturated(saturated)])


def _measure(picture: bytes, model: bytes) -> tuple[Rounds, Rounds]:
    """Return the costs one at a time, and with all cores busy.

    Alone: bare detection, an estimate of the decoded picture, an estimate. Busy: bare detection, an estimate.
    """
    return asyncio.run(_take_turns(picture, model))


async def _take_turns(picture: bytes, model: bytes) -> tuple[Rounds, Rounds]:
    cores = os.cpu_count() or 1
    with quiet_stderr(), closing(LandmarkerPool.open(model, cores)) as pool:
        bare: list[Work] = [partial(asyncio.to_thread, _bare_detect(model, picture)) for _ in range(cores)]
        estimator = Estimator(pool, load_shape_model())
        person, chart, rgb = Person(170), load_charts()[DEFAULT_CHART], decode_picture(picture)

        def measure() -> Awaitable[object]:
            return estimator.measure(rgb, person, chart)

        def estimate() -> Awaitable[object]:
            return estimator.estimate(nullcontext(picture), person, chart)

        await asyncio.gather(*(estimate() for _ in range(4 * cores)))
        alone = [[await _cost_of(work) for work in (bare[0], measure, estimate)] for _ in range(_ROUNDS)]
        saturated = [
            [await _busy(works) for works in (bare, [estimate] * (4 * cores))]
            for _ in range(_SATURATED_ROUNDS)
        ]
        return alone, saturated


def _bare_detect(model: bytes, picture: bytes) -> Callable[[], object]:
    """Return a call of MediaPipe's `detect` on the picture, masks read; warm."""
    landmarker: Any = open_pose_landmarker(model)
    rgb = np.ascontiguousarray(np.asarray(decode_image(picture, max_side_px=None)))
    image = mp.Image(image_format=mp.ImageFormat.SRGB, data=rgb[:, : rgb.shape[1] // 4 * 4].copy())

    def detect() -> object:
        return landmarker.detect(image).segmentation_masks[0].numpy_view()

    detect()
    return detect


async def _cost_of(work: Work) -> _Cost:
    wall_s, cpu_s = time.perf_counter(), time.process_time()
    await work()
    return _Cost((time.perf_counter() - wall_s) * 1000, (time.process_time() - cpu_s) * 1000)


async def _busy(works: list[Work]) -> _Cost:
    started_s, started_cpu_s = time.perf_counter(), time.process_time()

    async def repeat(work: Work) -> int:
        done = 0
        while time.perf_counter() < started_s + _SATURATED_S:
            await work()
            done += 1
        return done

    done = sum(await asyncio.gather(*map(repeat, works)))
    wall_s, cpu_s = time.perf_counter() - started_s, time.process_time() - started_cpu_s
    return _Cost(wall_s / done * 1000, cpu_s / done * 1000)


def _tell_alone(rounds: Rounds) -> bool:
    bare, measured, estimated = map(_median, zip(*rounds, strict=True))
    _print(f"  one at a time: bare detect {bare.wall_ms:.1f} ms, {bare.cpu_ms:.1f} ms of processor time")
    for name, cost in (("estimate without decoding", measured), ("estimate", estimated)):
        wall, cpu = cost.wall_ms / bare.wall_ms, cost.cpu_ms / bare.cpu_ms
        _print(f"    {name} {cost.wall_ms:.1f} ms: {wall:.2f} x, of processor time {cpu:.2f} x")
    _print(f"    promised {_MOST_OVERHEAD} x")
    return estimated.wall_ms <= _MOST_OVERHEAD * bare.wall_ms


def _tell_saturated(rounds: Rounds) -> bool:
    share = statistics.median(bare.wall_ms / estimate.wall_ms for bare, estimate in rounds)
    cpu_share = statistics.median(bare.cpu_ms / estimate.cpu_ms for bare, estimate in rounds)
    bare_per_s, per_s = (1000 / _median(costs).wall_ms for costs in zip(*rounds, strict=True))
    _print(
        f"  saturated: bare {bare_per_s:.1f}/s, estimates {per_s:.1f}/s: {share:.0%}, by processor time "
        f"{cpu_share:.0%} (promised {_LEAST_SATURATED:.0%})"
    )
    return share >= _LEAST_SATURATED


def _median(costs: Iterable[_Cost]) -> _Cost:
    wall_ms, cpu_ms = zip(*((cost.wall_ms, cost.cpu_ms) for cost in costs), strict=True)
    return _Cost(statistics.median(wall_ms), statistics.median(cpu_ms))


def _print(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    typer.run(main)
