import math
from collections.abc import Sequence

from wearon_sizing.measurement.refusal import NoFullBody, Refusal
from wearon_sizing.pose import Joint, Pose

_TRUNK = [Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER, Joint.LEFT_HIP, Joint.RIGHT_HIP]
# Who is smaller than this part of the subject stands in the background: the subject is clear.
_LEAST_TRUNK = 0.55
_LEAST_VISIBILITY = 0.6


def choose_subject(poses: Sequence[Pose]) -> Pose:
    """Return the one who is clearly the subject of a picture of these people.

    Raises:
        NoFullBody: there is nobody, or somebody else is about as large.
    """
    if not poses:
        raise NoFullBody(Refusal.NO_PERSON)
    subject, *others = sorted(poses, key=_trunk_px, reverse=True) if len(poses) > 1 else poses
    if any(_is_comparable(other, subject) for other in others):
        raise NoFullBody(Refusal.SEVERAL_PEOPLE)
    return subject


def _is_comparable(other: Pose, subject: Pose) -> bool:
    """Whether the other is about as large as the subject and well enough in view to be taken for it."""
    return bool(
        other.visibility[_TRUNK].min() >= _LEAST_VISIBILITY
        and _trunk_px(other) >= _LEAST_TRUNK * _trunk_px(subject)
    )


def _trunk_px(pose: Pose) -> float:
    return math.dist(pose.hips_px.tolist(), pose.shoulders_px.tolist())
