import asyncio
from asyncio import FIRST_COMPLETED
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

import cv2
import structlog

from wearon_sizing.landmarker import RGB, Landmarker, LandmarkerBroke, Look
from wearon_sizing.pose import Pose
from wearon_sizing.quiet_stderr import quiet_stderr
from wearon_sizing.turns import Turns

Result = TypeVar("Result")

log = structlog.get_logger()


class PoseDetectionFailed(Exception):  # noqa: N818 - named by what happened
    """MediaPipe broke on this picture, or did not come back; the landmarker has been replaced."""


class LandmarkerPool:
    """Pose landmarkers, each with one caller at a time.

    A landmarker serialises its calls and releases the GIL: one per core uses the machine, and the event loop
    stays free meanwhile. Make it with `open`, end it with `close`.
    """

    def __init__(self, model: bytes, size: int, call_timeout: timedelta) -> None:
        self._model = model
        self._call_timeout_s = call_timeout.total_seconds()
        self.size = size
        self._turns = Turns([Landmarker(model) for _ in range(size)])
        self._serving: set[asyncio.Task[Any]] = set()
        self._retired: list[Landmarker] = []

    @classmethod
    def open(
        cls, model: bytes, size: int, call_timeout: timedelta = timedelta(seconds=3)
    ) -> "LandmarkerPool":
        """Load the model `size` times and run each once, so that the first request is as fast as the next.

        MediaPipe writes its start-up notes to standard error whatever it is told: they are dropped. A
        landmarker that looks at a picture for longer than `call_timeout` counts as stuck; to read the picture
        may take as long as it takes. OpenCV's own threads, which would only get in each other's way when
        every core has a picture, are switched off for the whole process.
        """
        cv2.setNumThreads(1)
        with quiet_stderr():
            return cls(model, size, call_timeout)

    async def detect(self, read: Callable[[], RGB], then: Callable[[RGB, list[Pose]], Result]) -> Result:
        """Find people in the picture that `read` gives, and call `then` with both, see `Landmarker.look`.

        Waits for a free landmarker. A caller that is cancelled while it waits costs nothing.

        Raises:
            PoseDetectionFailed: MediaPipe broke on this picture, or got stuck.
        """
        landmarker = await self._turns.borrow()
        # A task of its own: the landmarker is busy until it has looked, even when the caller has gone.
        serving = asyncio.create_task(self._serve(landmarker, landmarker.look(read, then)))
        self._serving.add(serving)
        serving.add_done_callback(self._forget)
        return await asyncio.shield(serving)

    @property
    def busy(self) -> int:
        """How many landmarkers are in use."""
        return self.size - self._turns.idle

    @property
    def waiting(self) -> int:
        """How many callers wait for one."""
        return self._turns.waiting

    def close(self) -> None:
        """Free the landmarkers."""
        for landmarker in self._turns.take_idle():
            landmarker.close()

    async def _serve(self, landmarker: Landmarker, look: Look[Result]) -> Result:
        try:
            await self._seen_in_time(landmarker, look)
        except (LandmarkerBroke, TimeoutError) as error:
            reason = str(error) or type(error).__name__
            landmarker = await self._replace(landmarker, reason)
            raise PoseDetectionFailed(reason) from error
        finally:
            # With the next picture at hand, its thread goes on without a pause.
            self._turns.give_back(landmarker)
        return await look.result

    async def _seen_in_time(self, landmarker: Landmarker, look: Look[Any]) -> None:
        """Wait until the picture is seen, but not for a landmarker that looks for longer than allowed."""
        while not (look.seen.done() or look.result.done()):
            left_s = self._call_timeout_s - landmarker.looks_for_s
            if left_s <= 0:
                look.result.cancel()
                raise TimeoutError
            await asyncio.wait({look.seen, look.result}, timeout=left_s, return_when=FIRST_COMPLETED)
        if not look.seen.done():
            await look.result  # which raises

    async def _replace(self, landmarker: Landmarker, error: str) -> Landmarker:
        landmarker.retire()
        self._retired.append(landmarker)
        log.warning("landmarker_replaced", error=error, retired=len(self._retired))
        return await asyncio.to_thread(Landmarker, self._model)

    def _forget(self, serving: asyncio.Task[Any]) -> None:
        self._serving.discard(serving)
        if not serving.cancelled():
            serving.exception()  # a caller that has gone does not look at it
