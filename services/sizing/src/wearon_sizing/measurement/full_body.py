import numpy as np

from wearon_sizing.measurement.refusal import NoFullBody, Refusal
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
# Whole, well-lit people score 0.49 and more at every one of these joints.
_LEAST_VISIBILITY = 0.4


def require_full_body(pose: Pose) -> None:
    """Pass a pose that is upright, in view and inside the picture from head to feet.

    Raises:
        NoFullBody: with the first reason that applies.
    """
    _require_upright(pose)
    if pose.points[Joint.NOSE, 1] < 0:
        raise NoFullBody(Refusal.HEAD_OUTSIDE)
    if pose.points[_FEET, 1].max() > 1:
        raise NoFullBody(Refusal.FEET_OUTSIDE)
    if not _is_in_view(pose):
        raise NoFullBody(Refusal.BODY_HIDDEN)


def body_visibility(pose: Pose) -> float:
    """Return how well the body's joints are seen, 0..1."""
    return float(np.clip(pose.visibility[BODY_JOINTS].mean(), 0, 1))


def _require_upright(pose: Pose) -> None:
    shoulders = pose.middle(Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER)
    ankles = pose.middle(Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE)
    across_px, down_px = ankles - shoulders
    if abs(across_px) >= abs(down_px):
        raise NoFullBody(Refusal.LYING)
    if down_px < 0:
        raise NoFullBody(Refusal.UPSIDE_DOWN)


def _is_in_view(pose: Pose) -> bool:
    points = pose.points[BODY_JOINTS]
    inside = (points >= 0) & (points <= 1)
    return bool(inside.all() and pose.visibility[BODY_JOINTS].min() >= _LEAST_VISIBILITY)
