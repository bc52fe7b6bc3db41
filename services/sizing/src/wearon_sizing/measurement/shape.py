from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wearon_sizing.measurement.arms import ArmCut
from wearon_sizing.measurement.head import describe_head
from wearon_sizing.measurement.joints import describe_joints
from wearon_sizing.measurement.limbs import describe_limbs
from wearon_sizing.measurement.shading import describe_shading
from wearon_sizing.measurement.silhouette import Silhouette
from wearon_sizing.measurement.trunk import LEVELS, trace_trunk
from wearon_sizing.pose import Pose

_TRUNK = [f"trunk_{round(level * 100):03d}" for level in LEVELS.tolist()]


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """What the picture shows of a body, without any unit: `traits` by name, lengths as shares of the stature.

    A trait that cannot be seen is NaN. `hip_breadth` is the largest breadth at the hips; `free_arms` the
    share of the arms that stands clear of the trunk.
    """

    traits: dict[str, float]
    hip_breadth: float
    free_arms: float


def describe_shape(pose: Pose, silhouette: Silhouette, rgb: NDArray[np.uint8]) -> Shape:
    """Measure the silhouette all over.

    Raises:
        NoFullBody: the silhouette has no trunk between shoulders and hips.
    """
    arms = ArmCut(pose, silhouette)
    trunk = trace_trunk(pose, silhouette, arms, rgb)
    breadths = trunk.breadths_px() / silhouette.height_px
    traits = {
        **dict(zip(_TRUNK, breadths.tolist(), strict=True)),
        **describe_limbs(pose, silhouette, rgb),
        **describe_head(pose, silhouette),
        **describe_joints(pose, silhouette),
        **describe_shading(pose, silhouette, rgb, trunk),
    }
    at_the_hips = (LEVELS >= 0.8) & (LEVELS <= 1.2)  # noqa: PLR2004 - around the joints
    return Shape(traits, hip_breadth=float(breadths[at_the_hips].max()), free_arms=arms.free)
