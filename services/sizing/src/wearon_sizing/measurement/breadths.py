from dataclasses import dataclass

import numpy as np

from wearon_sizing.measurement.arms import ArmCut
from wearon_sizing.measurement.refusal import NoFullBody, Refusal
from wearon_sizing.measurement.silhouette import Silhouette
from wearon_sizing.pose import FloatArray, Joint, Pose


@dataclass(frozen=True, slots=True)
class Level:
    """A height on the trunk as a share of the way from the shoulder joints (0) to the hip joints (1)."""

    start: float
    end: float


# Of the stature, the bust lies at 0.73, the waist at 0.61, the buttocks at 0.53; shoulder joints at 0.80 and
# hip joints at 0.52 (900 rendered bodies). The chest is taken a little lower, where arms touch it less.
CHEST = Level(0.30, 0.42)
WAIST = Level(0.55, 0.90)
HIP = Level(0.80, 1.20)

_ROWS_PER_LEVEL = 24


@dataclass(frozen=True, slots=True)
class Breadths:
    """Frontal breadths of the torso in pixels, arms taken off."""

    chest_px: float
    waist_px: float
    hip_px: float


def measure_breadths(pose: Pose, silhouette: Silhouette) -> Breadths:
    """Take the chest at bust height, the waist where the trunk is narrowest, the hip where it is widest.

    Raises:
        NoFullBody: the silhouette has no torso at one of these heights.
    """
    arms = ArmCut(pose, silhouette.height_px)
    return Breadths(
        chest_px=float(np.median(_torso_breadths(pose, silhouette, arms, CHEST))),
        waist_px=float(_torso_breadths(pose, silhouette, arms, WAIST).min()),
        hip_px=float(_torso_breadths(pose, silhouette, arms, HIP).max()),
    )


def _torso_breadths(pose: Pose, silhouette: Silhouette, arms: ArmCut, level: Level) -> FloatArray:
    shoulders = pose.middle(Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER)
    hips = pose.middle(Joint.LEFT_HIP, Joint.RIGHT_HIP)
    breadths_px = []
    for share in np.linspace(level.start, level.end, _ROWS_PER_LEVEL):
        axis_px, y_px = shoulders + share * (hips - shoulders)
        run = silhouette.run_around(axis_px, int(y_px))
        if run is not None:  # below the crotch the axis runs between the legs
            left, right = arms.torso_of(run, axis_px, int(y_px))
            breadths_px.append(right - left)
    if not breadths_px or min(breadths_px) <= 0:
        raise NoFullBody(Refusal.OUTLINE_UNCLEAR)
    return np.array(breadths_px, np.float32)
