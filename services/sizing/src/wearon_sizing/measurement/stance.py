import math
from dataclasses import dataclass

from wearon_sizing.pose import Joint, Pose

Points = list[list[float]]

_HIPS = (Joint.LEFT_HIP, Joint.RIGHT_HIP)
_SHOULDERS = (Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER)
_KNEES = (Joint.LEFT_KNEE, Joint.RIGHT_KNEE)
_ANKLES = (Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE)


@dataclass(frozen=True, slots=True)
class Stance:
    """How a person stands before the camera.

    `turn_deg`: how far shoulders and hips are turned away from it, 0 when they face it and up to 180 from
    behind. `tilt_deg`: from the picture's vertical to the line from shoulders to ankles, positive where the
    feet are further right; a camera held askew. `thigh_per_trunk`, `leg_per_trunk`: heights in the picture
    over that from shoulders to hips. Of 900 standing bodies, thighs are at least 0.62 and legs at least 1.19;
    thighs that point at the camera, as when seated, shrink. `knee_deg`: the straighter a leg, the nearer 180;
    MediaPipe puts standing bodies at 145 to 165.
    """

    turn_deg: float
    tilt_deg: float
    thigh_per_trunk: float
    leg_per_trunk: float
    knee_deg: float


def read_stance(pose: Pose) -> Stance:
    """Read the stance off the landmarks; the turn and the knees off their depths as well."""
    # Plain numbers: for two or three of them, NumPy takes many times as long.
    points_px, world_m = pose.points_px.tolist(), pose.world_m.tolist()
    shoulders, hips, knees, ankles = (
        _middle(points_px, *joints) for joints in (_SHOULDERS, _HIPS, _KNEES, _ANKLES)
    )
    trunk_px = math.dist(hips, shoulders) + 1e-6
    return Stance(
        turn_deg=abs(_turn_deg(world_m, *_SHOULDERS) + _turn_deg(world_m, *_HIPS)) / 2,
        tilt_deg=math.degrees(math.atan2(ankles[0] - shoulders[0], ankles[1] - shoulders[1])),
        thigh_per_trunk=(knees[1] - hips[1]) / trunk_px,
        leg_per_trunk=(ankles[1] - hips[1]) / trunk_px,
        knee_deg=min(_knee_deg(world_m, side) for side in (0, 1)),
    )


def _middle(points: Points, left: Joint, right: Joint) -> list[float]:
    return [(one + other) / 2 for one, other in zip(points[left], points[right], strict=True)]


def _turn_deg(world_m: Points, left: Joint, right: Joint) -> float:
    # The person's left is on the picture's right: x grows from right to left joint.
    (left_x, _, left_z), (right_x, _, right_z) = world_m[left], world_m[right]
    return math.degrees(math.atan2(left_z - right_z, left_x - right_x))


def _knee_deg(world_m: Points, side: int) -> float:
    hip, knee, ankle = (world_m[joints[side]] for joints in (_HIPS, _KNEES, _ANKLES))
    thigh_m, shin_m, across_m = math.dist(hip, knee), math.dist(knee, ankle), math.dist(hip, ankle)
    cosine = (thigh_m**2 + shin_m**2 - across_m**2) / (2 * thigh_m * shin_m + 1e-9)
    return math.degrees(math.acos(min(max(cosine, -1.0), 1.0)))
