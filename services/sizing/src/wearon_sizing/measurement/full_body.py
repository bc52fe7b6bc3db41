import numpy as np

from wearon_sizing.measurement.refusal import NoFullBody, Refusal
from wearon_sizing.measurement.stance import Stance
from wearon_sizing.pose import Joint, Pose

BODY_JOINTS = [
    Joint.LEFT_SHOULDER,
    Joint.RIGHT_SHOULDER,
    Joint.LEFT_HIP,
    Joint.RIGHT_HIP,
    Joint.LEFT_KNEE,
    Joint.RIGHT_KNEE,
    Joint.LEFT_ANKLE,
    Joint.RIGHT_ANKLE,
]
"""What must be in view. Not the nose: MediaPipe calls it visible even from behind."""

_FEET = [Joint.LEFT_HEEL, Joint.RIGHT_HEEL, Joint.LEFT_FOOT, Joint.RIGHT_FOOT]
# Outside the picture they are put where they must be, and what is left of an arm is taken for the trunk.
_ELBOWS = [Joint.LEFT_ELBOW, Joint.RIGHT_ELBOW]
# Whole, well-lit people score 0.49 and more at every one of these joints.
_LEAST_VISIBILITY = 0.4
MOST_TURN_DEG = 35.0
_FROM_BEHIND_DEG = 120.0
# Standing bodies: see `Stance`. MediaPipe bends the knees of some that stand straight by as much as 55°.
_LEAST_THIGH_PER_TRUNK = 0.42
_LEAST_LEG_PER_TRUNK = 1.0
_LEAST_KNEE_DEG = 105.0


def require_full_body(pose: Pose, stance: Stance) -> None:
    """Pass a pose that stands upright, faces the camera, and is inside the picture from head to feet.

    Raises:
        NoFullBody: with the first reason that applies.
    """
    _require_upright(pose)
    _require_inside(pose)
    if pose.visibility[BODY_JOINTS].min() < _LEAST_VISIBILITY:
        raise NoFullBody(Refusal.BODY_HIDDEN)
    _require_facing(stance)
    _require_straight_legs(stance)


def body_visibility(pose: Pose) -> float:
    """Return how well the body's joints are seen, 0..1."""
    return float(np.clip(pose.visibility[BODY_JOINTS].mean(), 0, 1))


def _require_upright(pose: Pose) -> None:
    across_px, down_px = pose.middle(Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE) - pose.shoulders_px
    if abs(across_px) >= abs(down_px):
        raise NoFullBody(Refusal.LYING)
    if down_px < 0:
        raise NoFullBody(Refusal.UPSIDE_DOWN)


def _require_inside(pose: Pose) -> None:
    if pose.points[Joint.NOSE, 1] < 0:
        raise NoFullBody(Refusal.HEAD_OUTSIDE)
    if pose.points[_FEET, 1].max() > 1:
        raise NoFullBody(Refusal.FEET_OUTSIDE)
    points = pose.points[[*BODY_JOINTS, *_ELBOWS]]
    if not ((points >= 0) & (points <= 1)).all():
        raise NoFullBody(Refusal.BODY_CUT_OFF)


def _require_facing(stance: Stance) -> None:
    if stance.turn_deg > _FROM_BEHIND_DEG:
        raise NoFullBody(Refusal.FROM_BEHIND)
    if stance.turn_deg > MOST_TURN_DEG:
        raise NoFullBody(Refusal.TURNED)


def _require_straight_legs(stance: Stance) -> None:
    if stance.thigh_per_trunk < _LEAST_THIGH_PER_TRUNK:
        raise NoFullBody(Refusal.SEATED)
    if stance.leg_per_trunk < _LEAST_LEG_PER_TRUNK or stance.knee_deg < _LEAST_KNEE_DEG:
        raise NoFullBody(Refusal.CROUCHING)
