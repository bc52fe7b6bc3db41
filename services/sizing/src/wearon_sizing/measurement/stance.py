from dataclasses import dataclass

import numpy as np

from wearon_sizing.pose import FloatArray, Joint, Pose

_HIPS = (Joint.LEFT_HIP, Joint.RIGHT_HIP)
_SHOULDERS = (Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER)
_KNEES = (Joint.LEFT_KNEE, Joint.RIGHT_KNEE)
_ANKLES = (Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE)


@dataclass(frozen=True, slots=True)
class Stance:
    """How a person stands before the camera.

    `turn_deg`: how far shoulders and hips are turned away from it, 0 when they face it and up to 180 from
    behind. `tilt_deg`: between the picture's vertical and the line from shoulders to ankles; a camera held
    askew. `thigh_per_trunk`, `leg_per_trunk`: heights in the picture over that from shoulders to hips. Of 900
    standing bodies, thighs are at least 0.62 and legs at least 1.19; thighs that point at the camera, as when
    seated, shrink. `knee_deg`: the straighter a leg, the nearer 180; MediaPipe puts standing bodies at 145 to
    165.
    """

    turn_deg: float
    tilt_deg: float
    thigh_per_trunk: float
    leg_per_trunk: float
    knee_deg: float


def read_stance(pose: Pose) -> Stance:
    """Read the stance off the landmarks; the turn and the knees off their depths as well."""
    shoulders, hips, knees, ankles = (pose.middle(*two) for two in (_SHOULDERS, _HIPS, _KNEES, _ANKLES))
    trunk_px = float(np.linalg.norm(hips - shoulders)) + 1e-6
    body = ankles - shoulders
    return Stance(
        turn_deg=abs(_turn_deg(pose, *_SHOULDERS) + _turn_deg(pose, *_HIPS)) / 2,
        tilt_deg=float(np.degrees(np.arctan2(abs(body[0]), body[1]))),
        thigh_per_trunk=float(knees[1] - hips[1]) / trunk_px,
        leg_per_trunk=float(ankles[1] - hips[1]) / trunk_px,
        knee_deg=min(_knee_deg(pose.world_m, side) for side in (0, 1)),
    )


def _turn_deg(pose: Pose, left: Joint, right: Joint) -> float:
    # The person's left is on the picture's right: x grows from right to left joint.
    across = pose.world_m[left] - pose.world_m[right]
    return float(np.degrees(np.arctan2(across[2], across[0])))


def _knee_deg(world_m: FloatArray, side: int) -> float:
    hip, knee, ankle = (world_m[joints[side]] for joints in (_HIPS, _KNEES, _ANKLES))
    thigh, shin = hip - knee, ankle - knee
    cosine = thigh @ shin / (np.linalg.norm(thigh) * np.linalg.norm(shin) + 1e-9)
    return float(np.degrees(np.arccos(np.clip(cosine, -1, 1))))
