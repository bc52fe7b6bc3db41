import statistics

import numpy as np
from numpy.typing import NDArray

from wearon_sizing.measurement.silhouette import Silhouette
from wearon_sizing.pose import Joint, Pose

FloatVector = NDArray[np.float64]

_ARMS = np.array(
    [
        (Joint.LEFT_SHOULDER, Joint.LEFT_ELBOW, Joint.LEFT_WRIST, Joint.LEFT_INDEX),
        (Joint.RIGHT_SHOULDER, Joint.RIGHT_ELBOW, Joint.RIGHT_WRIST, Joint.RIGHT_INDEX),
    ]
)
_ROWS_PER_ARM = 30
_DOWN = np.linspace(0, 1, _ROWS_PER_ARM)
_LEAST_FREE_ROWS = 3
# Of the stature, from an arm's middle line to its edge, where no part of an arm stands free to be measured
# (median of 900 rendered bodies).
_HALF_ARM_PER_HEIGHT = 0.02


class ArmCut:
    """Takes the arms off stretches of the silhouette.

    An arm that stands clear of the trunk is not in the trunk's stretch at all. One that touches it is cut at
    its middle line less half its breadth, which is measured on the rows of the same arm that do stand clear:
    a heavy person has heavy arms, and a fixed breadth would leave part of them on the chest.
    """

    def __init__(self, pose: Pose, silhouette: Silhouette) -> None:
        self._lines_px = _to_the_fingertips(pose)
        halves_px = _free_halves_px(self._lines_px, pose, silhouette)
        self.free = 1 - float(np.isnan(halves_px).mean())
        """Share of the arms, shoulder to wrist, that stands clear of the trunk."""
        self._halves_px = _fill_in([_middle_of(halves) for halves in halves_px], silhouette.height_px)

    def torso_of(self, ends_px: FloatVector, axis_px: FloatVector, ys_px: FloatVector) -> FloatVector:
        """Return stretches' ends (2, rows) without what lies beyond the inner edge of an arm.

        `axis_px` (rows,) is the x of the trunk's middle line at the heights `ys_px` (rows,).
        """
        left_px, right_px = ends_px
        for arm_px, half_px in zip(_xs_at(self._lines_px, ys_px), self._halves_px, strict=True):
            on_the_right = (axis_px < arm_px) & (arm_px < right_px)
            on_the_left = (left_px < arm_px) & (arm_px <= axis_px)
            right_px = np.where(on_the_right, np.maximum(arm_px - half_px, axis_px), right_px)
            left_px = np.where(on_the_left, np.minimum(arm_px + half_px, axis_px), left_px)
        return np.array([left_px, right_px])


def _to_the_fingertips(pose: Pose) -> FloatVector:
    """Return the arms' middle lines (arms, points, 2), the left arm first."""
    lines_px = pose.points_px[_ARMS]
    # The last landmark is the knuckle of the index finger; the fingers are about as long as the palm.
    wrists_px, knuckles_px = lines_px[:, -2], lines_px[:, -1]
    tips_px = knuckles_px + (knuckles_px - wrists_px)
    return np.concatenate([lines_px, tips_px[:, None]], axis=1, dtype=np.float64)


def _free_halves_px(lines_px: FloatVector, pose: Pose, silhouette: Silhouette) -> FloatVector:
    """Return half of each arm's breadth (arms, rows), shoulder to wrist; NaN where it touches the trunk."""
    shoulders_px, elbows_px, wrists_px = lines_px[:, :3, 1].T
    from_px = shoulders_px + (elbows_px - shoulders_px) / 4
    ys_px = from_px[:, None] + _DOWN * (wrists_px - from_px)[:, None]
    xs_px = np.array([_xs_at(lines_px, ys_px), pose.axis_px(ys_px)])
    arms, trunk = silhouette.runs.around(xs_px, np.array([ys_px, ys_px])).swapaxes(0, 1)
    is_free = (arms[0] > trunk[1]) | (arms[1] < trunk[0])
    return np.where(is_free, (arms[1] - arms[0]) / 2, np.nan)


def _middle_of(halves_px: FloatVector) -> float | None:
    known = halves_px[~np.isnan(halves_px)]
    return statistics.median(known.tolist()) if len(known) >= _LEAST_FREE_ROWS else None


def _fill_in(halves_px: list[float | None], height_px: float) -> list[float]:
    """Give an arm that nowhere stands free the breadth of the other one, or the usual one."""
    known = [half for half in halves_px if half is not None]
    usual = known[0] if known else _HALF_ARM_PER_HEIGHT * height_px
    return [usual if half is None else half for half in halves_px]


def _xs_at(lines_px: FloatVector, ys_px: FloatVector) -> FloatVector:
    """Return the x of each line (lines, rows) at heights (rows,) or (lines, rows); NaN where it does not go.

    A line that comes back to a height is taken where it is there first.
    """
    starts, steps = lines_px[:, :-1, :, None], (lines_px[:, 1:] - lines_px[:, :-1])[..., None]
    with np.errstate(divide="ignore", invalid="ignore"):  # a stretch may lie level
        share = (ys_px[..., None, :] - starts[:, :, 1]) / steps[:, :, 1]
    passes = (share >= 0) & (share <= 1)  # (lines, stretches, rows)
    xs_px = np.where(passes, starts[:, :, 0] + share * steps[:, :, 0], np.nan)
    lines, rows = np.ogrid[: len(xs_px), : xs_px.shape[2]]
    return np.asarray(xs_px[lines, passes.argmax(axis=1), rows])
