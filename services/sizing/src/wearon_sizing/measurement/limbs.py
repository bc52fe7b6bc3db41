import numpy as np
from numpy.typing import NDArray

from wearon_sizing.measurement.cuffs import steps_at_edges
from wearon_sizing.measurement.known import mean_of_known
from wearon_sizing.measurement.silhouette import Silhouette
from wearon_sizing.measurement.strip import breadths_at, colours_at, cut_across
from wearon_sizing.pose import Joint, Pose

FloatVector = NDArray[np.float64]

# Arms before legs, the left before the right; from root to end.
_LIMBS = np.array(
    [
        (Joint.LEFT_SHOULDER, Joint.LEFT_ELBOW, Joint.LEFT_WRIST),
        (Joint.RIGHT_SHOULDER, Joint.RIGHT_ELBOW, Joint.RIGHT_WRIST),
        (Joint.LEFT_HIP, Joint.LEFT_KNEE, Joint.LEFT_ANKLE),
        (Joint.RIGHT_HIP, Joint.RIGHT_KNEE, Joint.RIGHT_ANKLE),
    ]
)
_ARMS, _LEGS = slice(0, 2), slice(2, 4)
# Of the way from root to middle joint: above, limbs are one with the trunk.
_FROM = np.array([0.25, 0.25, 0.45, 0.45])
_ROWS = 48
_HALF_REACH = 0.14  # of the stature; the heaviest thighs are half as broad
# Where breadths are told, as shares of the way along what is cut; each is the mean over five rows.
_ARM_PLACES = {f"arm_{percent:02d}": percent / 100 for percent in (27, 42, 55, 68, 82, 95)}
_LEG_PLACES = {f"leg_{percent:02d}": percent / 100 for percent in (5, 18, 32, 45, 55, 65, 75, 85, 95)}
_AVERAGED_ROWS = np.arange(-2, 3)


def describe_limbs(pose: Pose, silhouette: Silhouette, rgb: NDArray[np.uint8]) -> dict[str, float]:
    """Return breadths along arms and legs, and the steps where sleeves and trousers end.

    Breadths are shares of the stature, of the slimmer of the two limbs, NaN where neither stands alone: limbs
    are often bare, and tell how much of a broad trunk is cloth.
    """
    cuts = cut_across(_lines_px(pose), _ROWS, _HALF_REACH, silhouette.height_px)
    breadths = breadths_at(cuts, silhouette)
    left_arm, right_arm, left_leg, right_leg = steps_at_edges(breadths, colours_at(cuts, rgb))
    return {
        **_breadths(_ARM_PLACES, breadths[:, _ARMS]),
        **_breadths(_LEG_PLACES, breadths[:, _LEGS]),
        "sleeve_step": (left_arm + right_arm) / 2,
        "leg_step": (left_leg + right_leg) / 2,
    }


def _lines_px(pose: Pose) -> FloatVector:
    """Return the middle lines of the parts of limbs that are cut (limbs, 3 points, 2)."""
    lines = pose.points_px[_LIMBS].astype(np.float64)
    lines[:, 0] += _FROM[:, None] * (lines[:, 1] - lines[:, 0])
    return np.asarray(lines)


def _breadths(places: dict[str, float], breadths: FloatVector) -> dict[str, float]:
    rows = (np.array([*places.values()]) * (_ROWS - 1)).round().astype(int)
    means = mean_of_known(breadths[rows[:, None] + _AVERAGED_ROWS])
    return dict(zip(places, np.fmin(means[:, 0], means[:, 1]).tolist(), strict=True))
