import asyncio
import gc
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import psutil
import pytest
from mediapipe.tasks.python.vision import PoseLandmarker
from processes import wait_for
from structlog.testing import capture_logs

from wearon_common.images import ImageReason, ImageRejected
from wearon_devkit.checkout import POSE_MODEL
from wearon_sizing import landmarker
from wearon_sizing.landmarker import PoseDetectionFailed
from wearon_sizing.landmarker_pool import LandmarkerPool
from wearon_sizing.look import RGB
from wearon_sizing.measurement import NoFullBody, Refusal
from wearon_sizing.pose import Joint, Pose
from wearon_sizing.pose_landmarker import detect_poses
from wearon_sizing.pose_model import read_pose_model
from wearon_sizing.sketch import sketch_person

SKETCH = sketch_person()
BLANK = np.full((400, 300, 3), 200, np.uint8)
SOON = timedelta(seconds=0.5)


@pytest.fixture(scope="module")
def model() -> bytes:
    return read_pose_model(POSE_MODEL)


@pytest.fixture(scope="module")
def pool(model: bytes) -> Iterator[LandmarkerPool]:
    with closing(LandmarkerPool.open(model, 2)) as pool:
        yield pool


@dataclass(frozen=True, slots=True)
class Stuck:
    """Landmarkers do not come back from this picture until they may go on."""

    picture: RGB
    go_on: threading.Event


@pytest.fixture
def stuck(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stuck]:
    stuck = Stuck(SKETCH.copy(), threading.Event())

    def detect_or_stick(pose_landmarker: PoseLandmarker, rgb: RGB) -> list[Pose]:
        if rgb is stuck.picture:
            stuck.go_on.wait(60)
        return detect_poses(pose_landmarker, rgb)

    monkeypatch.setattr(landmarker, "detect_poses", detect_or_stick)
    yield stuck
    stuck.go_on.set()


def first(_rgb: RGB, poses: list[Pose]) -> Pose | None:
    return poses[0] if poses else None


def refuse(_rgb: RGB, _poses: list[Pose]) -> Pose:
    raise NoFullBody(Refusal.SEATED)


async def look(pool: LandmarkerPool, rgb: RGB) -> Pose | None:
    return await pool.detect(lambda: rgb, first)


def detect(pool: LandmarkerPool, rgb: RGB) -> Pose | None:
    return asyncio.run(look(pool, rgb))


def test_a_person_is_found_with_landmarks_and_mask(pool: LandmarkerPool) -> None:
    pose = detect(pool, SKETCH)
    assert pose is not None
    assert (pose.points.shape, pose.visibility.shape, pose.world_m.shape) == ((33, 2), (33,), (33, 3))
    assert pose.mask.shape == SKETCH.shape[:2]
    assert pose.mask[200, 256] > 0.5  # the shirt
    assert pose.mask[20, 20] < 0.5  # the wall
    assert pose.pixel(Joint.LEFT_SHOULDER)[0] > pose.pixel(Joint.RIGHT_SHOULDER)[0]


def test_nobody_is_found_on_a_blank_wall(pool: LandmarkerPool) -> None:
    assert detect(pool, BLANK) is None


@pytest.mark.parametrize("width_px", [509, 510, 511, 512])
def test_every_width_is_measured_alike(pool: LandmarkerPool, width_px: int) -> None:
    pose = detect(pool, SKETCH[:, :width_px])
    assert pose is not None
    assert pose.mask.shape == (512, width_px)
    assert pose.pixel(Joint.LEFT_HIP) == pytest.approx([280, 280], abs=30)


@pytest.mark.parametrize("shape", [(1, 1), (1, 700), (700, 1), (3, 2), (5, 1000)])
def test_a_sliver_holds_nobody(pool: LandmarkerPool, shape: tuple[int, int]) -> None:
    assert detect(pool, np.zeros((*shape, 3), np.uint8)) is None


def test_two_people_are_found_and_told_apart(pool: LandmarkerPool) -> None:
    pair = np.hstack([SKETCH, SKETCH])
    poses = asyncio.run(pool.detect(lambda: pair, lambda _rgb, poses: poses))
    assert sorted(pose.pixel(Joint.NOSE)[0] for pose in poses) == pytest.approx([256, 768], abs=40)


def test_a_mask_outlives_what_mediapipe_returned_it_in(pool: LandmarkerPool) -> None:
    pose = detect(pool, SKETCH)
    assert pose is not None
    before = pose.mask.copy()
    gc.collect()
    for _ in range(3):
        detect(pool, BLANK)
    assert np.array_equal(pose.mask, before)


def test_who_finds_nothing_to_measure_leaves_the_landmarker_in_use(model: bytes) -> None:
    async def refuse_and_look_again(pool: LandmarkerPool) -> Pose | None:
        with pytest.raises(NoFullBody, match="seated"):
            await pool.detect(lambda: SKETCH, refuse)
        return await look(pool, SKETCH)

    with closing(LandmarkerPool.open(model, 1)) as pool, capture_logs() as events:
        assert asyncio.run(refuse_and_look_again(pool)) is not None
    assert events == []


def test_many_callers_share_the_landmarkers(pool: LandmarkerPool) -> None:
    async def ask_for_all() -> list[Pose | None]:
        return await asyncio.gather(*(look(pool, SKETCH if i % 2 else BLANK) for i in range(12)))

    poses = asyncio.run(ask_for_all())
    assert [pose is not None for pose in poses] == [bool(i % 2) for i in range(12)]


def test_the_event_loop_turns_while_pictures_are_measured(pool: LandmarkerPool) -> None:
    async def count_turns() -> int:
        measuring = asyncio.gather(*(look(pool, SKETCH) for _ in range(4)))
        turns = 0
        while not measuring.done():
            await asyncio.sleep(0.001)
            turns += 1
        return turns

    assert asyncio.run(count_turns()) > 4


def test_callers_that_give_up_leave_their_turn_to_others(model: bytes) -> None:
    async def give_up(pool: LandmarkerPool) -> Pose | None:
        impatient = [asyncio.create_task(look(pool, BLANK)) for _ in range(10)]
        await asyncio.sleep(0.01)
        for task in impatient:
            task.cancel()
        return await look(pool, SKETCH)

    with closing(LandmarkerPool.open(model, 1)) as pool:
        assert asyncio.run(give_up(pool)) is not None


def test_the_picture_of_a_caller_that_gave_up_is_let_go_at_once(model: bytes) -> None:
    go_on = threading.Event()

    async def give_up(pool: LandmarkerPool) -> bool:
        keeps_it_busy = asyncio.create_task(pool.detect(lambda: SKETCH, lambda _rgb, _poses: go_on.wait(60)))
        picture = SKETCH.copy()
        gone = weakref.ref(picture)
        waits = asyncio.create_task(look(pool, picture))
        del picture
        await asyncio.sleep(0.01)
        waits.cancel()
        await asyncio.wait({waits})
        del waits
        is_gone = gone() is None
        go_on.set()
        return await keeps_it_busy and is_gone

    with closing(LandmarkerPool.open(model, 1)) as pool:
        assert asyncio.run(give_up(pool))


def test_a_landmarker_that_does_not_come_back_is_replaced(model: bytes, stuck: Stuck) -> None:
    with closing(LandmarkerPool.open(model, 1, SOON)) as pool, capture_logs() as events:
        for _ in range(2):  # each by a landmarker of its own: the first one is still at it
            with pytest.raises(PoseDetectionFailed, match="TimeoutError"):
                detect(pool, stuck.picture)
        assert detect(pool, SKETCH) is not None
    assert [event["event"] for event in events] == ["landmarker_replaced"] * 2


def test_a_landmarker_is_replaced_when_its_caller_has_gone(model: bytes, stuck: Stuck) -> None:
    async def give_up(pool: LandmarkerPool) -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(look(pool, stuck.picture), 0.1)

    with closing(LandmarkerPool.open(model, 1, SOON)) as pool:
        asyncio.run(give_up(pool))
        assert detect(pool, SKETCH) is not None


def test_a_landmarker_that_cannot_be_replaced_is_replaced_later(
    model: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(LandmarkerPool.open(model, 1)) as pool, capture_logs() as events:
        with monkeypatch.context() as no_memory:
            no_memory.setattr(landmarker, "open_pose_landmarker", fail_for_memory)
            with pytest.raises(PoseDetectionFailed):
                detect(pool, unusable_picture())
            assert wait_for(lambda: "landmarker_not_replaced" in {event["event"] for event in events}, 10)
        assert detect(pool, SKETCH) is not None


def test_a_picture_may_take_long_to_read(model: bytes) -> None:
    def read_slowly() -> RGB:
        time.sleep(2.2)
        return SKETCH

    with (
        closing(LandmarkerPool.open(model, 1, timedelta(seconds=2))) as pool,
        capture_logs() as events,
    ):
        assert asyncio.run(pool.detect(read_slowly, first)) is not None
    assert events == []


def test_a_picture_that_cannot_be_read_leaves_the_landmarker_in_use(pool: LandmarkerPool) -> None:
    def fail() -> RGB:
        raise ImageRejected(ImageReason.BROKEN, "torn")

    with capture_logs() as events, pytest.raises(ImageRejected, match="torn"):
        asyncio.run(pool.detect(fail, first))
    assert events == []


def test_nothing_is_kept_of_a_picture_that_was_measured(model: bytes) -> None:
    with closing(LandmarkerPool.open(model, 1)) as pool:
        picture = SKETCH.copy()
        gone = weakref.ref(picture)
        assert detect(pool, picture) is not None
        del picture
        assert wait_for(lambda: gone() is None, 10)


def test_nothing_is_kept_of_a_picture_that_was_refused(model: bytes) -> None:
    async def be_refused(pool: LandmarkerPool) -> weakref.ref[RGB]:
        picture = SKETCH.copy()
        with suppress(NoFullBody):
            await pool.detect(lambda: picture, refuse)
        return weakref.ref(picture)

    with closing(LandmarkerPool.open(model, 1)) as pool, uncollected():
        gone = asyncio.run(be_refused(pool))
        assert wait_for(lambda: gone() is None, 10)


def test_a_landmarker_goes_on_to_the_next_picture_without_the_event_loop(model: bytes) -> None:
    read = threading.Event()

    def read_next() -> RGB:
        read.set()
        return SKETCH

    async def stand_still(pool: LandmarkerPool) -> bool:
        looks = asyncio.gather(look(pool, SKETCH), pool.detect(read_next, first))
        await asyncio.sleep(0)
        goes_on = read.wait(30)
        await looks
        return goes_on

    with closing(LandmarkerPool.open(model, 1)) as pool:
        assert asyncio.run(stand_still(pool))


def test_a_landmarker_that_was_merely_slow_is_freed_when_it_comes_back(model: bytes, stuck: Stuck) -> None:
    process = psutil.Process()
    with closing(LandmarkerPool.open(model, 1, SOON)) as pool:
        threads = process.num_threads()
        for _ in range(3):
            with pytest.raises(PoseDetectionFailed, match="TimeoutError"):
                detect(pool, stuck.picture)
        assert process.num_threads() > threads
        stuck.go_on.set()
        assert wait_for(lambda: process.num_threads() <= threads, 20)


def test_a_call_that_never_returns_does_not_keep_the_process() -> None:
    subprocess.run([sys.executable, "-c", NEVER_RETURN, str(POSE_MODEL)], check=True, timeout=60)  # noqa: S603 - our own code


def test_a_landmarker_that_failed_is_replaced(model: bytes) -> None:
    with closing(LandmarkerPool.open(model, 1)) as pool:
        for _ in range(3):
            with pytest.raises(PoseDetectionFailed):
                detect(pool, unusable_picture())
            assert detect(pool, SKETCH) is not None


def test_a_process_whose_landmarker_failed_still_ends() -> None:
    # A process of its own: the garbage collector would hang this one.
    subprocess.run([sys.executable, "-c", BREAK_AND_COLLECT, str(POSE_MODEL)], check=True, timeout=60)  # noqa: S603 - our own code


def unusable_picture() -> RGB:
    return np.zeros((100, 100, 1), np.uint8)


def fail_for_memory(_model: bytes) -> PoseLandmarker:
    raise MemoryError


@contextmanager
def uncollected() -> Iterator[None]:
    """Leave what refers to itself in memory."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


NEVER_RETURN = """
import asyncio, sys, threading
from pathlib import Path
from wearon_sizing import landmarker
from wearon_sizing.landmarker_pool import LandmarkerPool
from wearon_sizing.pose_model import read_pose_model

pool = LandmarkerPool.open(read_pose_model(Path(sys.argv[1])), 1)
landmarker.detect_poses = lambda *_: threading.Event().wait()
try:
    asyncio.run(asyncio.wait_for(pool.detect(lambda: None, lambda *_: None), 0.5))
except TimeoutError:
    pass
"""

BREAK_AND_COLLECT = """
import asyncio, gc, sys
from pathlib import Path
import numpy as np
from wearon_sizing.landmarker import PoseDetectionFailed
from wearon_sizing.landmarker_pool import LandmarkerPool
from wearon_sizing.pose_model import read_pose_model

pool = LandmarkerPool.open(read_pose_model(Path(sys.argv[1])), 1)
try:
    asyncio.run(pool.detect(lambda: np.zeros((100, 100, 1), np.uint8), lambda _rgb, poses: len(poses)))
except PoseDetectionFailed:
    pass
pool.close()
cycle = [pool]
cycle.append(cycle)
del pool, cycle
gc.collect()
"""
