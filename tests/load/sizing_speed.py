"""How fast sizing is, against MediaPipe alone on the same picture and machine.

    python tests/load/sizing_speed.py PHOTO --model FILE

Prints milliseconds and ratios; exit status 1 when a promise is missed.
"""

import asyncio
import os
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

from wearon_sizing.estimator import Estimator, decode_picture, estimate_body
from wearon_sizing.landmarkers import LandmarkerPool
from wearon_sizing.measurement import Person, load_shape_model
from wearon_sizing.measurement.bystander import BystanderFinder
from wearon_sizing.pose_landmarker import detect_pose, open_pose_landmarker
from wearon_sizing.pose_model import read_pose_model
from wearon_sizing.quiet_stderr import quiet_stderr
from wearon_sizing.sizes import DEFAULT_CHART, load_charts

_ROUNDS = 60
_SATURATED_S = 6.0
_MOST_OVERHEAD, _LEAST_SATURATED = 1.3, 0.9

Image = NDArray[np.uint8]


def main(photo: Path, model: Annotated[Path, typer.Option(envvar="POSE_MODEL_PATH")]) -> None:
    """Compare the service's own path with bare landmarkers."""
    missed = asyncio.run(_compare(photo.read_bytes(), read_pose_model(model)))
    sys.exit(1 if missed else 0)


async def _compare(picture: bytes, model: bytes) -> bool:
    cores = os.cpu_count() or 1
    with (
        quiet_stderr(),
        closing(LandmarkerPool.open(model, cores)) as pool,
        ThreadPoolExecutor(cores) as threads,
    ):
        bare = [open_pose_landmarker(model) for _ in range(cores)]
        rgb = decode_picture(picture)
        detect_pose(bare[0], rgb)
        shape_model, chart = load_shape_model(), load_charts()[DEFAULT_CHART]
        estimator = Estimator(pool, BystanderFinder(), shape_model, threads)

        async def measure() -> None:
            estimate_body(await estimator.view(rgb), Person(170), shape_model, chart)

        alone_ms, whole_ms = await _alternate(lambda: detect_pose(bare[0], rgb), measure)
        bare_per_s = _saturate_bare(bare, rgb)
        whole_per_s = await _saturate(measure, in_flight=4 * cores)
    overhead, saturated = whole_ms / alone_ms, whole_per_s / bare_per_s
    sys.stdout.write(
        f"one at a time: bare detect {alone_ms:.1f} ms, estimate {whole_ms:.1f} ms: {overhead:.2f} x "
        f"(promised {_MOST_OVERHEAD})\n"
        f"saturated: bare {bare_per_s:.1f}/s, estimates {whole_per_s:.1f}/s: {saturated:.0%} "
        f"(promised {_LEAST_SATURATED:.0%})\n"
    )
    return overhead > _MOST_OVERHEAD or saturated < _LEAST_SATURATED


async def _alternate(bare: Callable[[], object], whole: Callable[[], Awaitable[None]]) -> tuple[float, float]:
    """Return both medians in ms; in turns, so that what else the machine does weighs on both."""
    bare_ms, whole_ms = [], []
    for _ in range(_ROUNDS):
        started = time.perf_counter()
        await asyncio.to_thread(bare)
        between = time.perf_counter()
        await whole()
        bare_ms.append((between - started) * 1000)
        whole_ms.append((time.perf_counter() - between) * 1000)
    return statistics.median(bare_ms), statistics.median(whole_ms)


def _saturate_bare(landmarkers: list[object], rgb: Image) -> float:
    def work(landmarker: object) -> int:
        done, until = 0, time.perf_counter() + _SATURATED_S
        while time.perf_counter() < until:
            detect_pose(landmarker, rgb)
            done += 1
        return done

    with ThreadPoolExecutor(len(landmarkers)) as threads:
        return sum(threads.map(work, landmarkers)) / _SATURATED_S


async def _saturate(measure: Callable[[], Awaitable[None]], in_flight: int) -> float:
    until = time.perf_counter() + _SATURATED_S

    async def work() -> int:
        done = 0
        while time.perf_counter() < until:
            await measure()
            done += 1
        return done

    return sum(await asyncio.gather(*(work() for _ in range(in_flight)))) / _SATURATED_S


if __name__ == "__main__":
    typer.run(main)
