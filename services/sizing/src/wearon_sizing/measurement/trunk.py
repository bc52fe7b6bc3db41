from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wearon_sizing.measurement.arms import ArmCut
from wearon_sizing.measurement.edges import snap_to_edges
from wearon_sizing.measurement.known import mean_of_known
from wearon_sizing.measurement.refusal import NoFullBody, Refusal
from wearon_sizing.measurement.silhouette import Silhouette
from wearon_sizing.pose import Pose

FloatVector = NDArray[np.float64]

LEVELS = np.arange(0, 14) / 10
"""Where the trunk's breadth is taken, from the shoulder joints (0) to the hip joints (1) and below.

Of 900 rendered bodies, the bust lies at 0.26, the natural waist at 0.68, the buttocks at 0.97.
"""

# Between two levels lies one more row: each breadth is the mean over three, for the mask has steps of a pixel
# of 256 across the person.
_ROWS = np.arange(0, 28) / 20
_ROWS_OF_LEVEL = (2 * np.arange(len(LEVELS))[:, None] + (-1, 0, 1)).clip(min=0)


@dataclass(frozen=True, slots=True, eq=False)
class Trunk:
    """The trunk's outline without arms, from the shoulder joints down; below the crotch, that of both legs.

    `left_px`, `right_px`, `y_px` (rows,): the ends of each row, NaN where no trunk is to be seen.
    """

    left_px: FloatVector
    right_px: FloatVector
    y_px: FloatVector

    def breadths_px(self) -> FloatVector:
        """Return the breadth at each of `LEVELS`."""
        rows = (self.right_px - self.left_px)[_ROWS_OF_LEVEL]
        seen = ~np.isnan(rows).all(axis=1)
        rows[~seen] = rows[seen][-1]  # legs apart: what hides between them is as broad as above
        return mean_of_known(rows)

    def ends_px(self, levels: FloatVector) -> tuple[FloatVector, FloatVector, FloatVector]:
        """Return left end, right end and height at any levels, between the rows that were traced."""
        seen = ~np.isnan(self.left_px)
        left_px, right_px, y_px = (
            np.interp(levels, _ROWS[seen], ends[seen]) for ends in (self.left_px, self.right_px, self.y_px)
        )
        return left_px, right_px, y_px


def trace_trunk(pose: Pose, silhouette: Silhouette, arms: ArmCut, rgb: NDArray[np.uint8]) -> Trunk:
    """Take the arms off the silhouette between the shoulders and the upper thighs.

    Raises:
        NoFullBody: the silhouette has no trunk between shoulders and hips.
    """
    xs_px, ys_px = (pose.shoulders_px + _ROWS[:, None] * (pose.hips_px - pose.shoulders_px)).T
    ends_px = arms.torso_of(_ends_px(pose, silhouette, xs_px, ys_px), xs_px, ys_px)
    ends_px += _shifts_px(ends_px, ys_px, rgb, silhouette.height_px)
    ends_px[:, ends_px[1] <= ends_px[0]] = np.nan
    above_the_hips = ends_px[0, _ROWS_OF_LEVEL[LEVELS <= 1]]
    if np.isnan(above_the_hips).all(axis=1).any():
        raise NoFullBody(Refusal.OUTLINE_UNCLEAR)
    left_px, right_px = ends_px
    return Trunk(left_px, right_px, ys_px)


def _shifts_px(
    ends_px: FloatVector, y_px: FloatVector, rgb: NDArray[np.uint8], height_px: float
) -> FloatVector:
    """Return how far the picture's edges lie to the right of the ends (2, rows)."""
    xs_px, ys_px = np.where(np.isnan(ends_px), 0, ends_px).ravel(), np.concatenate([y_px, y_px])
    return snap_to_edges(rgb, xs_px, ys_px, height_px).reshape(ends_px.shape)


def _ends_px(pose: Pose, silhouette: Silhouette, xs_px: FloatVector, ys_px: FloatVector) -> FloatVector:
    """Return the ends (2, rows) of what holds the trunk, or below it both legs; NaN where neither is seen."""
    ends_px = silhouette.runs.around(xs_px, ys_px)
    if (parted := np.isnan(ends_px[0])).any():
        ends_px[:, parted] = _ends_of_legs_px(pose, silhouette, ys_px[parted])
    return ends_px


def _ends_of_legs_px(pose: Pose, silhouette: Silhouette, ys_px: FloatVector) -> FloatVector:
    lefts_px, rights_px = silhouette.runs.around(pose.legs_px(ys_px), ys_px)
    return np.array([lefts_px.min(axis=0), rights_px.max(axis=0)])
