import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wearon_common.images import decode_image
from wearon_sizing.landmarkers import LandmarkerPool
from wearon_sizing.measurement import (
    Body,
    NoFullBody,
    Person,
    Refusal,
    ShapeModel,
    View,
    measure_body,
    view_body,
)
from wearon_sizing.measurement.bystander import BystanderFinder, is_comparable, without_subject
from wearon_sizing.pose import Pose
from wearon_sizing.sizes import BodyType, SizeAdvice, SizeChart, advise_size, body_type_of

# MediaPipe looks at 256 x 256 of it: a larger picture only costs more.
_LONGEST_SIDE_PX = 1024

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
        bystanders: BystanderFinder,
        model: ShapeModel,
        threads: ThreadPoolExecutor,
    ) -> None:
        self._landmarkers = landmarkers
        self._bystanders = bystanders
        self._model = model
        self._threads = threads
        self._most_pictures = landmarkers.size * _MOST_PICTURES_PER_LANDMARKER
        self._pictures = 0

    @property
    def is_overloaded(self) -> bool:
        """Whether another picture would be refused."""
        return self._pictures >= self._most_pictures

    async def estimate(self, picture: bytes, person: Person, chart: SizeChart) -> Estimate:
        """Measure the person in the picture and choose a size from the chart.

        Raises:
            ImageRejected: the bytes are not a picture that is taken.
            NoFullBody: the picture does not show one whole, upright body that faces the camera.
            Overloaded: too many pictures are in hand.
            PoseDetectionFailed: MediaPipe broke on it.
        """
        if self.is_overloaded:
            raise Overloaded
        self._pictures += 1
        try:
            run = asyncio.get_running_loop().run_in_executor
            rgb = await run(self._threads, decode_picture, picture)
            return estimate_body(await self.view(rgb), person, self._model, chart)
        finally:
            self._pictures -= 1

    async def view(self, rgb: NDArray[np.uint8]) -> View:
        """Read off an RGB picture (H, W, 3) what measurements rest on.

        Raises `NoFullBody` and `PoseDetectionFailed` as `estimate` does.
        """
        run = asyncio.get_running_loop().run_in_executor
        pose = await self._landmarkers.detect(rgb)
        if pose is None:
            raise NoFullBody(Refusal.NO_PERSON)
        view, may_have_company = await run(self._threads, self._look, pose, rgb)
        if may_have_company:
            await self._require_alone(view, rgb)
        return view

    def _look(self, pose: Pose, rgb: NDArray[np.uint8]) -> tuple[View, bool]:
        view = view_body(pose, rgb)
        return view, self._bystanders.sees_face_beside(rgb, view.silhouette)

    async def _require_alone(self, view: View, rgb: NDArray[np.uint8]) -> None:
        other = await self._landmarkers.detect(without_subject(rgb, view.silhouette))
        if other is not None and is_comparable(other, view.pose):
            raise NoFullBody(Refusal.SEVERAL_PEOPLE)


def decode_picture(data: bytes) -> NDArray[np.uint8]:
    """Return the picture in a file as RGB (H, W, 3), small enough for MediaPipe.

    Raises:
        ImageRejected: it is not a picture that is taken.
    """
    return np.asarray(decode_image(data, max_side_px=_LONGEST_SIDE_PX))


def estimate_body(view: View, person: Person, model: ShapeModel, chart: SizeChart) -> Estimate:
    """Turn what was read off a picture into measurements and a size."""
    body = measure_body(view, person, model)
    return Estimate(
        body=body,
        body_type=body_type_of(body.shoulder_cm, body.hip_breadth_cm),
        advice=advise_size(body.chest_cm, body.chest_spread, chart),
    )
