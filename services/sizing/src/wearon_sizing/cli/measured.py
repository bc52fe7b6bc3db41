from collections.abc import AsyncIterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from wearon_common.images import ImageError, decode_image
from wearon_sizing.decode import decode_picture
from wearon_sizing.estimator import Estimate, Estimator, estimate_body
from wearon_sizing.landmarker import PoseDetectionFailed
from wearon_sizing.landmarker_pool import LandmarkerPool
from wearon_sizing.measurement import NoFullBody, Person, View, load_shape_model
from wearon_sizing.measurement.silhouette import trace_silhouette
from wearon_sizing.measurement.upright import turn_picture
from wearon_sizing.sizes import SizeChart

_DRAWN_SIDE_PX = 1024


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """A photo that was measured: the picture, large enough to draw on, what was read off it, what came out.

    What was read off is scaled to that picture; it was read off a smaller one, as the service does.
    """

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
    with closing(LandmarkerPool.open(pose_model, 1)) as landmarkers:
        estimator = Estimator(landmarkers, model)
        for photo in photos:
            try:
                data = photo.read_bytes()
                view = await estimator.view(decode_picture(data))
            except NoFullBody as refusal:
                yield Refused(photo, refusal.reason.value, refusal.reason.advice)
            except ImageError as error:
                yield Refused(photo, error.reason.value, "This is no picture that can be read.")
            except OSError as error:
                yield Refused(photo, "unreadable", f"{error.strerror}.")
            except PoseDetectionFailed:
                yield Refused(photo, "detection_failed", "Try another photo.")
            else:
                rgb = np.asarray(decode_image(data, max_side_px=_DRAWN_SIDE_PX))
                if view.lean_deg:
                    rgb = turn_picture(rgb, view.lean_deg)
                yield Measured(photo, rgb, _enlarged(view, rgb), estimate_body(view, person, model, chart))


def _enlarged(view: View, rgb: NDArray[np.uint8]) -> View:
    """Return the view as of a larger version of its picture, to be drawn on that."""
    size_px = (rgb.shape[1], rgb.shape[0])
    mask = np.asarray(cv2.resize(view.pose.mask, size_px, interpolation=cv2.INTER_LINEAR), np.float32)
    return replace(view, pose=replace(view.pose, mask=mask), silhouette=trace_silhouette(mask))
