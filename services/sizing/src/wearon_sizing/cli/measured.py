from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from wearon_common.images import ImageError
from wearon_sizing.estimator import Estimate, Estimator, decode_picture, estimate_body
from wearon_sizing.landmarkers import LandmarkerPool, PoseDetectionFailed
from wearon_sizing.measurement import NoFullBody, Person, View, load_shape_model
from wearon_sizing.measurement.bystander import BystanderFinder
from wearon_sizing.sizes import SizeChart


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """A photo that was measured: the picture, what was read off it and what came out."""

    photo: Path
    rgb: NDArray[np.uint8]
    view: View
    estimate: Estimate


@dataclass(frozen=True, slots=True)
class Refused:
    """A photo that was not measured; `reason` is for machines, `advice` for people."""

    photo: Path
    reason: str
    advice: str


async def measure_photos(
    photos: Sequence[Path], person: Person, chart: SizeChart, pose_model: bytes
) -> AsyncIterator[Measured | Refused]:
    """Measure the photos one after the other."""
    model = load_shape_model()
    with closing(LandmarkerPool.open(pose_model, 1)) as landmarkers, ThreadPoolExecutor(1) as threads:
        estimator = Estimator(landmarkers, BystanderFinder(), model, threads)
        for photo in photos:
            try:
                rgb = decode_picture(photo.read_bytes())
                view = await estimator.view(rgb)
            except NoFullBody as refusal:
                yield Refused(photo, refusal.reason.value, refusal.reason.advice)
            except ImageError as error:
                yield Refused(photo, error.reason.value, "This is no picture that can be read.")
            except PoseDetectionFailed:
                yield Refused(photo, "detection_failed", "Try another photo.")
            else:
                yield Measured(photo, rgb, view, estimate_body(view, person, model, chart))
