"""How fast sizing is, against MediaPipe alone on the same picture and machine.

    python -m load.sizing.speed PHOTO --model FILE

MediaPipe's bare `detect` gets the picture as it is, decoded beforehand; an estimate is all that the service
does between a picture's bytes and the answer. They take turns, and processor time is told beside time that
passes, so that what else the machine does tells less. The photo is measured as it is and as phones would take
it: the larger, the more the bare call costs. Exit status 1 when a promise is missed.
"""

import asyncio
import os
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import closing, nullcontext
from dataclasses import dataclass
from functools import partial
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

_ROUNDS = 60
_SATURATED_ROUNDS, _SATURATED_S = 6, 1.5
_PHONES = ((1200, 1600), TWELVE_MEGAPIXELS)
_MOST_OVERHEAD, _LEAST_SATURATED = 1.3, 0.9

Work = Callable[[], Awaitable[object]]


def main(photo: Path, model: Annotated[Path, typer.Option(envvar="POSE_MODEL_PATH")]) -> None:
    """Compare the service's own path with bare landmarkers."""
    pictures = [photo.read_bytes(), *(phone_photo(size, scene=photo) for size in _PHONES)]
    kept = [asyncio.run(_compare(picture, read_pose_model(model))) for picture in pictures]
    sys.exit(0 if all(kept) else 1)


async def _compare(picture: bytes, model: bytes) -> bool:
    cores = os.cpu_count() or 1
    with quiet_stderr(), closing(LandmarkerPool.open(model, cores)) as pool:
        bare = [_bare_detect(model, picture) for _ in range(cores)]
        estimator = Estimator(pool, load_shape_model())
        person, chart, rgb = Person(170), load_charts()[DEFAULT_CHART], decode_picture(picture)
        alone = await _alternate(
            lambda: asyncio.to_thread(bare[0]),
            lambda: estimator.measure(rgb, person, chart),
            lambda: estimator.estimate(nullcontext(picture), person, chart),
        )
        saturated = await _saturate(bare, lambda: estimator.estimate(nullcontext(picture), person, chart))
    _print("{} x {} pixels".format(*decode_image(picture, max_side_px=None).size))
    return all([_tell_alone(*alone), _tell_saturated(*saturated)])


def _bare_detect(model: bytes, picture: bytes) -> Callable[[], object]:
    """Return a call of MediaPipe's `detect` on the picture, masks read; warm."""
    landmarker: Any = open_pose_landmarker(model)
    rgb = np.ascontiguousarray(np.asarray(decode_image(picture, max_side_px=None)))
    image = mp.Image(image_format=mp.ImageFormat.SRGB, data=rgb[:, : rgb.shape[1] // 4 * 4].copy())

    def detect() -> object:
        return landmarker.detect(image).segmentation_masks[0].numpy_view()

    detect()
    return detect


@dataclass(frozen=True, slots=True)
class _Cost:
    """Milliseconds per picture: that passed, and of the processor."""

    wall_ms: float
    cpu_ms: float


async def _alternate(*works: Work) -> list[_Cost]:
    """Return the median cost of each, one at a time."""
    costs = [[await _cost_of(work) for work in works] for _ in range(_ROUNDS)]
    return [
        _Cost(
            *(
                statistics.median(values)
                for values in zip(*((c.wall_ms, c.cpu_ms) for c in column), strict=True)
            )
        )
        for column in zip(*costs, strict=True)
    ]


async def _cost_of(work: Work) -> _Cost:
    wall_s, cpu_s = time.perf_counter(), time.process_time()
    await work()
    return _Cost((time.perf_counter() - wall_s) * 1000, (time.process_time() - cpu_s) * 1000)


async def _saturate(bare: list[Callable[[], object]], estimate: Work) -> tuple[list[_Cost], list[_Cost]]:
    """Return what a picture cost in each round, of bare landmarkers and of estimates, all cores busy."""
    cores, bare_costs, estimate_costs = len(bare), [], []
    for _ in range(_SATURATED_ROUNDS):
        bare_costs.append(await _busy([partial(asyncio.to_thread, one) for one in bare]))
        estimate_costs.append(await _busy([estimate] * (4 * cores)))
    return bare_costs, estimate_costs


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


def _tell_alone(bare: _Cost, measured: _Cost, estimated: _Cost) -> bool:
    _print(f"one at a time: bare detect {bare.wall_ms:.1f} ms, {bare.cpu_ms:.1f} ms of processor time")
    for name, cost in (("estimate without decoding", measured), ("estimate", estimated)):
        wall, cpu = cost.wall_ms / bare.wall_ms, cost.cpu_ms / bare.cpu_ms
        _print(f"  {name} {cost.wall_ms:.1f} ms: {wall:.2f} x, of processor time {cpu:.2f} x")
    _print(f"  promised {_MOST_OVERHEAD} x")
    return estimated.wall_ms <= _MOST_OVERHEAD * bare.wall_ms


def _tell_saturated(bare: list[_Cost], estimates: list[_Cost]) -> bool:
    rounds = list(zip(bare, estimates, strict=True))
    share = statistics.median(alone.wall_ms / whole.wall_ms for alone, whole in rounds)
    cpu_share = statistics.median(alone.cpu_ms / whole.cpu_ms for alone, whole in rounds)
    bare_per_s, per_s = (1000 / statistics.median(c.wall_ms for c in costs) for costs in (bare, estimates))
    _print(
        f"saturated: bare {bare_per_s:.1f}/s, estimates {per_s:.1f}/s: {share:.0%}, by processor time "
        f"{cpu_share:.0%} (promised {_LEAST_SATURATED:.0%})"
    )
    return share >= _LEAST_SATURATED


def _print(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    typer.run(main)
