import numpy as np

from wearon_sizing.measurement.run import PERSON
from wearon_sizing.measurement.silhouette import Silhouette
from wearon_sizing.pose import Joint, Pose

_LEGS = (
    (Joint.LEFT_HIP, Joint.LEFT_KNEE, Joint.LEFT_ANKLE),
    (Joint.RIGHT_HIP, Joint.RIGHT_KNEE, Joint.RIGHT_ANKLE),
)


def find_crotch_px(pose: Pose, silhouette: Silhouette) -> float | None:
    """Return the highest row below the hips where background shows between the legs, if it ever does."""
    hips = pose.middle(Joint.LEFT_HIP, Joint.RIGHT_HIP)
    ankles = pose.middle(Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE)
    rows = np.arange(int(hips[1]), min(int(ankles[1]), silhouette.mask.shape[0]))
    right, left = np.sort([pose.leg_px(*leg, rows) for leg in _LEGS], axis=0).astype(int)
    for row, start, end in zip(rows, right.clip(min=0), left + 1, strict=True):
        between = silhouette.mask[row, start:end]
        if between.size and between.min() < PERSON:
            return float(row + _reach_up(silhouette, row, start + int(np.argmin(between))))
    return None


def _reach_up(silhouette: Silhouette, row: int, column: int) -> float:
    """Return how far above the row, -1..0, the outline between the legs lies."""
    here, above = (
        float(silhouette.mask[y, min(column, silhouette.mask.shape[1] - 1)]) for y in (row, row - 1)
    )
    return -(PERSON - here) / (above - here) if above > PERSON else 0.0
