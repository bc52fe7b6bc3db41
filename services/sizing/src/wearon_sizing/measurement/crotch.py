import numpy as np

from wearon_sizing.measurement.runs import PERSON
from wearon_sizing.measurement.silhouette import Silhouette
from wearon_sizing.pose import Joint, Pose


def find_crotch_px(pose: Pose, silhouette: Silhouette) -> float | None:
    """Return the highest row below the hips where background shows between the legs, if it ever does."""
    ankles_px, (height, width) = pose.middle(Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE), silhouette.mask.shape
    rows = np.arange(int(pose.hips_px[1]), min(int(ankles_px[1]), height))
    legs_px = pose.legs_px(rows).astype(int)
    starts, stops = legs_px.min(axis=0).clip(min=0), (legs_px.max(axis=0) + 1).clip(max=width)
    _, ends_px = silhouette.runs.around(starts, rows)
    parted = (starts < stops) & ~(ends_px >= stops - 1)
    if not parted.any():
        return None
    row, start, stop = (places[parted.argmax()] for places in (rows, starts, stops))
    return float(row + _reach_up(silhouette, row, start + int(silhouette.mask[row, start:stop].argmin())))


def _reach_up(silhouette: Silhouette, row: int, column: int) -> float:
    """Return how far above the row, -1..0, the outline between the legs lies."""
    here, above = (float(silhouette.mask[y, column]) for y in (row, row - 1))
    return -(PERSON - here) / (above - here) if above > PERSON else 0.0
