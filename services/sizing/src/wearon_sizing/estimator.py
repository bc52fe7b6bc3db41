from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

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

    A picture is held in memory for the time of the call, and nowhere else. A landmarker's thread does all the
    work on it, decoding included: a large one takes hundreds of megabytes, and no more are decoded at once
    than there are landmarkers. No more than 16 for each landmarker are in hand, most of them as files that
    wait for their turn: who is refused is so at once, and for nothing.
    """

    def __init__(
        self,
        landmarkers: LandmarkerPool,
        model: ShapeModel,
        observe: Observe = unobserved,
    ) -> None:
        self._landmarkers = landmarkers
        self._model = model
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

        `picture` gives the file, and is left with the answer.

        Raises:
            ImageRejected: the bytes are not a picture that is taken.
            NoFullBody: the picture does not show one whole, upright body that faces the camera.
            Overloaded: too many pictures are in hand.
            PoseDetectionFailed: MediaPipe broke on it.
        """
        async with picture as data:
            if self.is_overloaded:
                raise Overloaded
            with self._in_hand():
                return await self._measure(lambda: decode_picture(data), person, chart, self._observe)

    async def measure(self, rgb: NDArray[np.uint8], person: Person, chart: SizeChart) -> Estimate:
        """Do the same for a picture that is decoded already: RGB (H, W, 3), as `decode_picture` returns it.

        Raises `NoFullBody` and `PoseDetectionFailed` as `estimate` does.
        """
        return await self._measure(lambda: rgb, person, chart, unobserved)

    async def view(self, rgb: NDArray[np.uint8]) -> View:
        """Read off such a picture only what measurements rest on; raises what `measure` does."""
        return await self._landmarkers.detect(lambda: rgb, _view)

    @contextmanager
    def _in_hand(self) -> Iterator[None]:
        self.pictures += 1
        try:
            yield
        finally:
            self.pictures -= 1

    async def _measure(
        self, read: Callable[[], NDArray[np.uint8]], person: Person, chart: SizeChart, observe: Observe
    ) -> Estimate:
        stopwatch = Stopwatch(observe)

        def decode() -> NDArray[np.uint8]:
            stopwatch.lap("wait")
            rgb = read()
            stopwatch.lap("decode")
            return rgb

        def look(rgb: NDArray[np.uint8], poses: list[Pose]) -> Estimate:
            stopwatch.lap("infer")
            try:
                return estimate_body(_view(rgb, poses), person, self._model, chart)
            finally:
                stopwatch.lap("measure")

        return await self._landmarkers.detect(decode, look)


def _view(rgb: NDArray[np.uint8], poses: list[Pose]) -> View:
    return view_body(choose_subject(poses), rgb)


def estimate_body(view: View, person: Person, model: ShapeModel, chart: SizeChart) -> Estimate:
    """Turn what was read off a picture into measurements and a size."""
    body = measure_body(view, person, model)
    return Estimate(
        body=body,
        body_type=body_type_of(body.shoulder_cm, body.hip_breadth_cm),
        advice=advise_size(round(body.chest_cm, 1), body.chest_spread, chart),  # of the girth that is told
    )
