import asyncio
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue

import numpy as np
import structlog
from mediapipe.tasks.python.vision import PoseLandmarker
from numpy.typing import NDArray

from wearon_sizing.pose import Pose
from wearon_sizing.pose_landmarker import detect_pose, open_pose_landmarker
from wearon_sizing.quiet_stderr import quiet_stderr
from wearon_sizing.sketch import sketch_person

log = structlog.get_logger()


class PoseDetectionFailed(Exception):  # noqa: N818 - named by what happened
    """MediaPipe broke on this picture; the landmarker that it broke has been replaced."""


class LandmarkerPool:
    """Pose landmarkers, each with one caller at a time, on as many threads of their own.

    A landmarker serialises its calls and releases the GIL: one per core uses the machine, and the event loop
    stays free meanwhile. Make it with `open`, end it with `close`.
    """

    def __init__(self, model: bytes, size: int) -> None:
        self._model = model
        self._threads = ThreadPoolExecutor(max_workers=size, thread_name_prefix="landmarker")
        self._idle: SimpleQueue[PoseLandmarker] = SimpleQueue()
        self._retired: list[PoseLandmarker] = []
        for _ in range(size):
            self._idle.put(open_pose_landmarker(model))

    @classmethod
    def open(cls, model: bytes, size: int) -> "LandmarkerPool":
        """Load the model `size` times and run each once, so that the first request is as fast as the next.

        MediaPipe writes its start-up notes to standard error whatever it is told: they are dropped.

        Raises:
            PoseDetectionFailed: the model does not run on this machine.
        """
        with quiet_stderr():
            pool = cls(model, size)
            for _ in range(size):
                pool._detect(sketch_person())
        return pool

    async def detect(self, rgb: NDArray[np.uint8]) -> Pose | None:
        """Find the most prominent person in an RGB picture (H, W, 3), or nobody.

        Waits for a free landmarker. A caller that is cancelled while it waits costs nothing.

        Raises:
            PoseDetectionFailed: MediaPipe broke on this picture.
        """
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._detect, rgb)

    def close(self) -> None:
        """Wait for the calls that run, drop those that wait, and free the landmarkers."""
        self._threads.shutdown(wait=True, cancel_futures=True)
        while not self._idle.empty():
            self._idle.get().close()

    def _detect(self, rgb: NDArray[np.uint8]) -> Pose | None:
        landmarker = self._idle.get()
        try:
            return detect_pose(landmarker, rgb)
        except Exception as error:  # whatever was raised, the graph behind it cannot be trusted any more
            self._retire(landmarker)
            log.warning("landmarker_replaced", error=type(error).__name__, retired=len(self._retired))
            landmarker = open_pose_landmarker(self._model)
            raise PoseDetectionFailed(type(error).__name__) from error
        finally:
            self._idle.put(landmarker)

    def _retire(self, landmarker: PoseLandmarker) -> None:
        """Put a landmarker away for good: destroying one whose graph has failed can block for ever.

        Its destructor calls `close`, also from the garbage collector while the process ends, so keeping it
        is not enough. Its memory stays taken.
        """
        landmarker.close = _leave_alone
        self._retired.append(landmarker)


def _leave_alone() -> None:
    """Stand in for `PoseLandmarker.close`."""
