from dataclasses import dataclass

import numpy as np

from wearon_sizing.measurement.breadths import measure_breadths
from wearon_sizing.measurement.full_body import require_full_body
from wearon_sizing.measurement.silhouette import trace_silhouette
from wearon_sizing.pose import Joint, Pose


@dataclass(frozen=True, slots=True)
class Outline:
    """What is read off the picture itself, in cm; girths are not visible yet."""

    chest_breadth_cm: float
    waist_breadth_cm: float
    hip_breadth_cm: float
    shoulder_joint_distance_cm: float


def measure_outline(pose: Pose, height_cm: float) -> Outline:
    """Read the breadths off the silhouette; the scale is the stature over the silhouette's height.

    Raises:
        NoFullBody: the picture does not show a whole, upright body.
    """
    require_full_body(pose)
    silhouette = trace_silhouette(pose.mask)
    cm_per_px = height_cm / silhouette.height_px
    breadths = measure_breadths(pose, silhouette)
    return Outline(
        chest_breadth_cm=breadths.chest_px * cm_per_px,
        waist_breadth_cm=breadths.waist_px * cm_per_px,
        hip_breadth_cm=breadths.hip_px * cm_per_px,
        shoulder_joint_distance_cm=_joint_distance_px(pose) * cm_per_px,
    )


def _joint_distance_px(pose: Pose) -> float:
    return float(np.linalg.norm(pose.pixel(Joint.LEFT_SHOULDER) - pose.pixel(Joint.RIGHT_SHOULDER)))
