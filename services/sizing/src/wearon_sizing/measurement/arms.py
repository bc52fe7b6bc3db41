from itertools import pairwise

import numpy as np

from wearon_sizing.pose import FloatArray, Joint, Pose

_ARMS = (
    (Joint.LEFT_SHOULDER, Joint.LEFT_ELBOW, Joint.LEFT_WRIST, Joint.LEFT_INDEX),
    (Joint.RIGHT_SHOULDER, Joint.RIGHT_ELBOW, Joint.RIGHT_WRIST, Joint.RIGHT_INDEX),
)
# Of the stature, from an arm's middle line to its inner edge. With it, chests that the arms touch come out
# about 5 % broader than those that stand free (900 rendered bodies).
_HALF_ARM_PER_HEIGHT = 0.02


class ArmCut:
    """Takes the arms off a stretch of the silhouette where they touch the torso."""

    def __init__(self, pose: Pose, height_px: float) -> None:
        self._arms = [_to_the_fingertips([pose.pixel(joint) for joint in arm]) for arm in _ARMS]
        self._half_arm_px = _HALF_ARM_PER_HEIGHT * height_px

    def torso_of(self, run: tuple[float, float], axis_px: float, row: int) -> tuple[float, float]:
        """Return `run` [left, right) without what lies beyond the inner edge of an arm at this row."""
        left, right = run
        for arm in self._arms:
            arm_px = _x_at(arm, row)
            if arm_px is None:
                continue
            if arm_px > axis_px:
                right = min(right, max(arm_px - self._half_arm_px, axis_px))
            else:
                left = max(left, min(arm_px + self._half_arm_px, axis_px))
        return left, right


def _to_the_fingertips(arm: list[FloatArray]) -> list[FloatArray]:
    # The last landmark is the knuckle of the index finger; the fingers are about as long as the palm.
    wrist, knuckle = arm[-2:]
    return [*arm, np.asarray(knuckle + (knuckle - wrist), np.float32)]


def _x_at(line: list[FloatArray], row: int) -> float | None:
    for start, end in pairwise(line):
        low, high = sorted((start, end), key=lambda point: float(point[1]))
        if low[1] <= row <= high[1]:
            return float(np.interp(row, [low[1], high[1]], [low[0], high[0]]))
    return None
