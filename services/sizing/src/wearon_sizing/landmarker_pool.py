import asyncio
import sys
from collections.abc import Callable
from datetime import timedelta
from queue import SimpleQueue
from threading import Event, Thread
from typing import TypeVar

import cv2
import structlog

from wearon_sizing.landmarker import Landmarker, Looks
from wearon_sizing.look import RGB, Detect, Look
from wearon_sizing.pose import Pose
from wearon_sizing.quiet_stderr import quiet_stderr

# The event loop waits this long for its turn after every read and write, while threads work on pictures. With
# Python's own 5 ms, a health check takes a second when all cores are busy.
_SWITCH_THREADS_AFTER_S = 0.0005
_WATCH_EVERY_S = 0.1
_REPLACE_AGAIN_AFTER_S = 1.0
_STOP_TIMEOUT_S = 5.0

Result = TypeVar("Result")

log = structlog.get_logger()


class LandmarkerPool:
    """Pose landmarkers that share the pictures to be looked at; one that is lost is replaced.

    A landmarker releases the GIL: one per core uses the machine, and the event loop stays free meanwhile.
    They take their pictures themselves: none waits for the event loop while there is work. Make it with
    `open`, end it with `close`.
    """

    def __init__(self, model: bytes, size: int, call_timeout: timedelta) -> None:
        self._model = model
        self._call_timeout_s = call_timeout.total_seconds()
        self.size = size
        self._looks: Looks = SimpleQueue()
        self._landmarkers = [self._open_landmarker() for _ in range(size)]
        self._lost: list[Landmarker] = []
        self._is_closing = Event()
        self._watch = Thread(target=self._replace_lost, name="landmarkers", daemon=True)
        self._watch.start()

    @classmethod
    def open(
        cls, model: bytes, size: int, call_timeout: timedelta = timedelta(seconds=3)
    ) -> "LandmarkerPool":
        """Load the model `size` times and run each once, so that the first request is as fast as the next.

        MediaPipe writes its start-up notes to standard error whatever it is told: they are dropped. A
        landmarker that looks at a picture for longer than `call_timeout` counts as stuck; to read the picture
        may take as long as it takes. Two things are set for the whole process: threads take turns more often,
        and OpenCV's own, which would only get in each other's way when every core has a picture, are off.
        """
        sys.setswitchinterval(_SWITCH_THREADS_AFTER_S)
        cv2.setNumThreads(1)
        with quiet_stderr():
            return cls(model, size, call_timeout)

    async def detect(self, read: Callable[[], RGB], then: Callable[[RGB, list[Pose]], Result]) -> Result:
        """Find people in the picture that `read` gives, and call `then` with both.

        All of it runs on a landmarker's thread, when its turn comes. The picture is RGB (H, W, 3); there are
        up to two people, the most prominent first. Raises what either of them raises. A caller that is
        cancelled while it waits costs nothing.

        Raises:
            PoseDetectionFailed: MediaPipe broke on this picture, or got stuck.
        """

        def work(find: Detect) -> Result:
            rgb = read()
            return then(rgb, find(rgb))

        look = Look(work)
        self._looks.put(look)
        try:
            return await asyncio.wrap_future(look.result)
        finally:
            look.forget()
            del look  # an error knows this frame, and the look knows the error

    @property
    def busy(self) -> int:
        """How many landmarkers are in use."""
        return sum(landmarker.is_busy for landmarker in self._landmarkers)

    @property
    def waiting(self) -> int:
        """How many looks wait for one."""
        return self._looks.qsize()

    def close(self) -> None:
        """Let the landmarkers end, and free them."""
        self._is_closing.set()
        self._watch.join()
        for _ in self._landmarkers:
            self._looks.put(None)
        for landmarker in self._landmarkers:
            landmarker.join(_STOP_TIMEOUT_S)

    def _open_landmarker(self) -> Landmarker:
        return Landmarker(self._model, self._looks, self._call_timeout_s)

    def _replace_lost(self) -> None:
        while not self._is_closing.wait(_WATCH_EVERY_S):
            for place, landmarker in enumerate(self._landmarkers):
                if error := landmarker.lost_by():
                    self._replace(place, error)

    def _replace(self, place: int, error: str) -> None:
        try:
            replacement = self._open_landmarker()
        except Exception:  # whatever it is, it is tried again
            log.exception("landmarker_not_replaced", error=error)
            self._is_closing.wait(_REPLACE_AGAIN_AFTER_S)
            return
        self._lost.append(self._landmarkers[place])
        self._landmarkers[place] = replacement
        log.warning("landmarker_replaced", error=error, lost=len(self._lost))
