from itertools import pairwise

import numpy as np

from wearon_sizing.measurement.silhouette import Silhouette
from wearon_sizing.pose import FloatArray, Joint, Pose

_ARMS = (
    (Joint.LEFT_SHOULDER, Joint.LEFT_ELBOW, Joint.LEFT_WRIST, Joint.LEFT_INDEX),
    (Joint.RIGHT_SHOULDER, Joint.RIGHT_ELBOW, Joint.RIGHT_WRIST, Joint.RIGHT_INDEX),
)
_ROWS_PER_ARM = 30
_LEAST_FREE_ROWS = 3
# Of the stature, from an arm's middle line to its edge, where no part of an arm stands free to be measured
# (median of 900 rendered bodies).
_HALF_ARM_PER_HEIGHT = 0.02


class ArmCut:
    """Takes the arms off a stretch of the silhouette.

    An arm that stands clear of the trunk is not in the trunk's stretch at all. One that touches it is cut at
    its middle line less half its breadth, which is measured on the rows of the same arm that do stand clear:
    a heavy person has heavy arms, and a fixed breadth would leave part of them on the chest.
    """

    def __init__(self, pose: Pose, silhouette: Silhouette) -> None:
        self._lines = [_to_the_fingertips([pose.pixel(joint) for joint in arm]) for arm in _ARMS]
        free = [_free_halves_px(line, pose, silhouette) for line in self._lines]
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


def _to_the_fingertips(arm: list[FloatArray]) -> list[tuple[float, float]]:
    # The last landmark is the knuckle of the index finger; the fingers are about as long as the palm.
    wrist, knuckle = arm[-2:]
    return [(float(x), float(y)) for x, y in (*arm, knuckle + (knuckle - wrist))]


def _free_halves_px(line: list[tuple[float, float]], pose: Pose, silhouette: Silhouette) -> list[float]:
    """Return half the arm's breadth on each row where background parts it from the trunk."""
    shoulder, elbow, wrist = line[:3]
    ys_px = np.linspace(shoulder[1] + (elbow[1] - shoulder[1]) / 4, wrist[1], _ROWS_PER_ARM)
    halves = []
    for y_px, axis_px in zip(ys_px.tolist(), pose.axis_px(ys_px).tolist(), strict=True):
        arm_px = _x_at(line, y_px)
        arm = None if arm_px is None else silhouette.run_around(arm_px, y_px)
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


def _x_at(line: list[tuple[float, float]], y_px: float) -> float | None:
    for (x0, y0), (x1, y1) in pairwise(line):
        if min(y0, y1) <= y_px <= max(y0, y1):
            return x0 if y0 == y1 else x0 + (x1 - x0) * (y_px - y0) / (y1 - y0)
    return None
