import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wearon_common.images import ImageFetcher, decode_image
from wearon_sizing.landmarkers import LandmarkerPool
from wearon_sizing.measurement import Body, Coefficients, NoFullBody, Refusal, measure_body
from wearon_sizing.sizes import CHEST_CHART, BodyType, SizeAdvice, advise_size, body_type_of

# MediaPipe looks at 256 x 256 of it: a larger picture only costs more.
_LONGEST_SIDE_PX = 1024


@dataclass(frozen=True, slots=True)
class Estimate:
    """A person's measurements and the size that follows from them."""

    body: Body
    body_type: BodyType
    advice: SizeAdvice


class Estimator:
    """Estimates bodies from pictures at URLs.

    A picture is held in memory for the time of the call, and nowhere else. `threads` bounds how many are
    decoded at once: a large one takes hundreds of megabytes.
    """

    def __init__(
        self,
        fetcher: ImageFetcher,
        landmarkers: LandmarkerPool,
        coefficients: Coefficients,
        threads: ThreadPoolExecutor,
    ) -> None:
        self._fetcher = fetcher
        self._landmarkers = landmarkers
        self._coefficients = coefficients
        self._threads = threads

    async def estimate(self, image_url: str, height_cm: float) -> Estimate:
        """Download the picture and measure the person in it, whose stature is `height_cm`.

        Raises:
            ImageError: the URL is not allowed, does not answer, or is not a picture.
            NoFullBody: the picture does not show a whole, upright body.
            PoseDetectionFailed: MediaPipe broke on it.
        """
        data = await self._fetcher.fetch(image_url)
        run = asyncio.get_running_loop().run_in_executor
        rgb = await run(self._threads, _decode, data)
        pose = await self._landmarkers.detect(rgb)
        if pose is None:
            raise NoFullBody(Refusal.NO_PERSON)
        body = await run(self._threads, measure_body, pose, height_cm, self._coefficients)
        return self._with_size(body)

    def _with_size(self, body: Body) -> Estimate:
        chest_sd_cm = self._coefficients.chest.residual_sd_cm
        return Estimate(
            body=body,
            body_type=body_type_of(body.shoulder_cm, body.hip_breadth_cm),
            advice=advise_size(body.chest_cm, chest_sd_cm, body.visibility, CHEST_CHART),
        )


def _decode(data: bytes) -> NDArray[np.uint8]:
    return np.asarray(decode_image(data, max_side_px=_LONGEST_SIDE_PX))
