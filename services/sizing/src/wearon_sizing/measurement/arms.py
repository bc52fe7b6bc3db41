from itertools import pairwise
from typing import NamedTuple

import numpy as np

from wearon_sizing.measurement.silhouette import Silhouette
from wearon_sizing.pose import FloatArray, Joint, Pose

_ARMS = (
    (Joint.LEFT_SHOULDER, Joint.LEFT_ELBOW, Joint.LEFT_WRIST, Joint.LEFT_INDEX),
    (Joint.RIGHT_SHOULDER, Joint.RIGHT_ELBOW, Joint.RIGHT_WRIST, Joint.RIGHT_INDEX),
)
_ROWS_PER_ARM = 30
_DOWN = np.linspace(0, 1, _ROWS_PER_ARM)
_LEAST_FREE_ROWS = 3
# Of the stature, from an arm's middle line to its edge, where no part of an arm stands free to be measured
# (median of 900 rendered bodies).
_HALF_ARM_PER_HEIGHT = 0.02


class _Bone(NamedTuple):
    """A straight part of an arm's middle line: from a point of it, at a slope, between two heights."""

    top_px: float
    bottom_px: float
    x_px: float
    y_px: float
    slope: float

    @classmethod
    def between(cls, one_px: list[float], other_px: list[float]) -> "_Bone":
        (x0, y0), (x1, y1) = one_px, other_px
        return cls(min(y0, y1), max(y0, y1), x0, y0, 0.0 if y0 == y1 else (x1 - x0) / (y1 - y0))


class ArmCut:
    """Takes the arms off a stretch of the silhouette.

    An arm that stands clear of the trunk is not in the trunk's stretch at all. One that touches it is cut at
    its middle line less half its breadth, which is measured on the rows of the same arm that do stand clear:
    a heavy person has heavy arms, and a fixed breadth would leave part of them on the chest.
    """

    def __init__(self, pose: Pose, silhouette: Silhouette) -> None:
        arms = [[pose.pixel(joint) for joint in arm] for arm in _ARMS]
        self._lines = [_to_the_fingertips(arm) for arm in arms]
        free = [
            _free_halves_px(arm, line, pose, silhouette) for arm, line in zip(arms, self._lines, strict=True)
        ]
        self.free = sum(map(len, free)) / (len(_ARMS) * _ROWS_PER_ARM)
        """Share of the arms, shoulder to wrist, that stands clear of the trunk."""
        self._halves_px = _fill_in([_middle_of(halves) for halves in free], silhouette.height_px)

    def torso_of(self, run: tuple[float, float], axis_px: float, y_px: float) -> tuple[float, float]:
        """Return `run` [left, right] without what lies beyond the inner edge of an arm at this height."""
        left, right = run
        for line, half_px in zip(self._lines, self._halves_px, strict=True):
            arm_px = _x_at(line, y_px)
            if arm_px is None:
                continue
            if axis_px < arm_px < right:
                right = max(arm_px - half_px, axis_px)
            elif left < arm_px <= axis_px:
                left = min(arm_px + half_px, axis_px)
        return left, right


def _to_the_fingertips(arm: list[FloatArray]) -> list[_Bone]:
    # The last landmark is the knuckle of the index finger; the fingers are about as long as the palm.
    wrist, knuckle = arm[-2:]
    joints = [joint.tolist() for joint in (*arm, knuckle + (knuckle - wrist))]
    return [_Bone.between(one, other) for one, other in pairwise(joints)]


def _free_halves_px(
    arm_px: list[FloatArray], line: list[_Bone], pose: Pose, silhouette: Silhouette
) -> list[float]:
    """Return half the arm's breadth on each row where background parts it from the trunk."""
    shoulder, elbow, wrist, _ = (joint.tolist() for joint in arm_px)
    from_px = shoulder[1] + (elbow[1] - shoulder[1]) / 4
    ys_px = from_px + _DOWN * (wrist[1] - from_px)
    halves = []
    for y_px, axis_px in zip(ys_px.tolist(), pose.axis_px(ys_px).tolist(), strict=True):
        x_px = _x_at(line, y_px)
        arm = None if x_px is None else silhouette.run_around(x_px, y_px)
        trunk = silhouette.run_around(axis_px, y_px)
        if arm and trunk and (arm[0] > trunk[1] or arm[1] < trunk[0]):
            halves.append((arm[1] - arm[0]) / 2)
    return halves


def _middle_of(halves: list[float]) -> float | None:
    return float(np.median(halves)) if len(halves) >= _LEAST_FREE_ROWS else None


def _fill_in(halves_px: list[float | None], height_px: float) -> list[float]:
    """Give an arm that nowhere stands free the breadth of the other one, or the usual one."""
    known = [half for half in halves_px if half is not None]
    usual = known[0] if known else _HALF_ARM_PER_HEIGHT * height_px
    return [usual if half is None else half for half in halves_px]


def _x_at(line: list[_Bone], y_px: float) -> float | None:
    for bone in line:
        if bone.top_px <= y_px <= bone.bottom_px:
            return bone.x_px + bone.slope * (y_px - bone.y_px)
    return None
