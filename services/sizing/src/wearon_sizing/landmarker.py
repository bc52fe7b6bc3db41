import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from time import monotonic
from typing import Generic, TypeVar

import numpy as np
from mediapipe.tasks.python.vision import PoseLandmarker
from numpy.typing import NDArray

from wearon_sizing.pose import Pose
from wearon_sizing.pose_landmarker import detect_poses, open_pose_landmarker
from wearon_sizing.sketch import sketch_person
from wearon_sizing.worker import Worker

RGB = NDArray[np.uint8]
Result = TypeVar("Result")

_STOP_TIMEOUT_S = 5.0


class LandmarkerBroke(Exception):  # noqa: N818 - named by what happened
    """MediaPipe raised on a picture; the graph behind it cannot be trusted any more."""


@dataclass(frozen=True, slots=True)
class Look(Generic[Result]):
    """A landmarker's look at one picture.

    `seen` is done when it has found the people and may be given the next picture; `result` is what comes of
    this one. Where reading or looking fails, `result` raises and `seen` is never done.
    """

    seen: asyncio.Future[None]
    result: asyncio.Future[Result]


class Landmarker:
    """A pose landmarker on a thread of its own, warm: it has seen a picture."""

    def __init__(self, model: bytes) -> None:
        self._worker = Worker("landmarker")
        self._has_failed = False
        self._looks_since_s: float | None = None
        self._landmarker: PoseLandmarker = open_pose_landmarker(model)
        detect_poses(self._landmarker, sketch_person())

    def look(self, read: Callable[[], RGB], then: Callable[[RGB, list[Pose]], Result]) -> Look[Result]:
        """Find people in the picture that `read` gives, and call `then` with both.

        All of it runs on the landmarker's thread. The picture is RGB (H, W, 3); there are up to two people,
        the most prominent first. What `then` returns is the result, and so is what either of them raises.

        Raises:
            LandmarkerBroke: as the result; MediaPipe raised something.
        """
        seen: Future[None] = Future()
        result = self._worker.run(lambda: then(*self._see(read(), seen)))
        return Look(asyncio.wrap_future(seen), result)

    @property
    def looks_for_s(self) -> float:
        """For how long it has been looking at a picture, which begins when that has been read; else 0."""
        since_s = self._looks_since_s
        return 0.0 if since_s is None else monotonic() - since_s

    def close(self) -> None:
        """End the thread and free the landmarker; one that does not come back is left alone."""
        self._worker.stop()
        if self._worker.join(_STOP_TIMEOUT_S):
            self._landmarker.close()
        else:
            self.retire()

    def retire(self) -> None:
        """Put the landmarker away for good: destroying one whose graph has failed can block for ever.

        Its destructor calls `close`, also from the garbage collector while the process ends, so keeping it
        is not enough. One that was merely slow is freed as soon as its call has ended; else its memory stays
        taken, and so does its thread if the call never ends.
        """
        free = self._landmarker.close
        self._landmarker.close = _leave_alone
        self._worker.stop(last=lambda: None if self._has_failed else free())

    def _see(self, rgb: RGB, seen: Future[None]) -> tuple[RGB, list[Pose]]:
        self._looks_since_s = monotonic()
        try:
            poses = self._detect(rgb)
        finally:
            self._looks_since_s = None
        seen.set_result(None)
        return rgb, poses

    def _detect(self, rgb: RGB) -> list[Pose]:
        try:
            return detect_poses(self._landmarker, rgb)
        except Exception as error:  # whatever it is, the graph behind it is broken
            self._has_failed = True
            raise LandmarkerBroke(type(error).__name__) from error


def _leave_alone() -> None:
    """Stand in for `PoseLandmarker.close`."""
