from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wearon_common.images import on_thread
from wearon_sizing.decode import decode_picture
from wearon_sizing.landmarker_pool import LandmarkerPool
from wearon_sizing.measurement import (
    Body,
    Person,
    ShapeModel,
    View,
    measure_body,
    view_body,
)
from wearon_sizing.measurement.bystander import choose_subject
from wearon_sizing.pose import Pose
from wearon_sizing.sizes import BodyType, SizeAdvice, SizeChart, advise_size, body_type_of
from wearon_sizing.stopwatch import Observe, Stopwatch, unobserved

# A picture takes 30 to 60 ms of a core: who is last of so many waits for about a second.
_MOST_PICTURES_PER_LANDMARKER = 16


class Overloaded(Exception):  # noqa: N818 - a state
    """As many pictures are in hand as can be measured in reasonable time."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A person's measurements and the size that follows from them."""

    body: Body
    body_type: BodyType
    advice: SizeAdvice


class Estimator:
    """Estimates bodies from picture files.

    A picture is held in memory for the time of the call, and nowhere else. `threads` bounds how many are
    decoded at once: a large one takes hundreds of megabytes. No more than 16 for each landmarker are in hand,
    those included that wait to be decoded: who is refused is so at once, and for nothing.
    """

    def __init__(
        self,
        landmarkers: LandmarkerPool,
        model: ShapeModel,
        threads: ThreadPoolExecutor,
        observe: Observe = unobserved,
    ) -> None:
        self._landmarkers = landmarkers
        self._model = model
        self._threads = threads
        self._observe = observe
        self.most_pictures = landmarkers.size * _MOST_PICTURES_PER_LANDMARKER
        self.pictures = 0

    @property
    def is_overloaded(self) -> bool:
        """Whether another picture would be refused."""
        return self.pictures >= self.most_pictures

    async def estimate(
        self, picture: AbstractAsyncContextManager[bytes], person: Person, chart: SizeChart
    ) -> Estimate:
        """Measure the person in the picture and choose a size from the chart.

        `picture` gives the file, and is left as soon as it is decoded.

        Raises:
            ImageRejected: the bytes are not a picture that is taken.
            NoFullBody: the picture does not show one whole, upright body that faces the camera.
            Overloaded: too many pictures are in hand.
            PoseDetectionFailed: MediaPipe broke on it.
        """
        rgb = await self._decode(picture)
        with self._in_hand():
            return await self._measure(rgb, person, chart, Stopwatch(self._observe))

    async def measure(self, rgb: NDArray[np.uint8], person: Person, chart: SizeChart) -> Estimate:
        """Do the same for a picture that is decoded already: RGB (H, W, 3), as `decode_picture` returns it.

        Raises `NoFullBody` and `PoseDetectionFailed` as `estimate` does.
        """
        return await self._measure(rgb, person, chart, Stopwatch(unobserved))

    async def view(self, rgb: NDArray[np.uint8]) -> View:
        """Read off such a picture only what measurements rest on; raises what `measure` does."""
        return await self._landmarkers.detect(rgb, lambda poses: view_body(choose_subject(poses), rgb))

    async def _decode(self, picture: AbstractAsyncContextManager[bytes]) -> NDArray[np.uint8]:
        async with picture as data:
            if self.is_overloaded:
                raise Overloaded
            stopwatch = Stopwatch(self._observe)
            with self._in_hand():
                rgb = await on_thread(self._threads, decode_picture, data)
            stopwatch.lap("decode")
            return rgb

    @contextmanager
    def _in_hand(self) -> Iterator[None]:
        self.pictures += 1
        try:
            yield
        finally:
            self.pictures -= 1

    async def _measure(
        self, rgb: NDArray[np.uint8], person: Person, chart: SizeChart, stopwatch: Stopwatch
    ) -> Estimate:
        def look(poses: list[Pose]) -> Estimate:
            stopwatch.lap("infer")
            try:
                view = view_body(choose_subject(poses), rgb)
                return estimate_body(view, person, self._model, chart)
            finally:
                stopwatch.lap("measure")

        return await self._landmarkers.detect(rgb, look)


def estimate_body(view: View, person: Person, model: ShapeModel, chart: SizeChart) -> Estimate:
    """Turn what was read off a picture into measurements and a size."""
    body = measure_body(view, person, model)
    return Estimate(
        body=body,
        body_type=body_type_of(body.shoulder_cm, body.hip_breadth_cm),
        advice=advise_size(round(body.chest_cm, 1), body.chest_spread, chart),  # of the girth that is told
    )
