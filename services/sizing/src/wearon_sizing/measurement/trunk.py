import numpy as np
from numpy.typing import NDArray

from wearon_sizing.measurement.arms import ArmCut
from wearon_sizing.measurement.refusal import NoFullBody, Refusal
from wearon_sizing.measurement.silhouette import Silhouette
from wearon_sizing.pose import Joint, Pose

# Each level's breadth is the mean over three rows: the mask has steps of a pixel of 256 across the person.
_ROWS_PER_LEVEL = (-0.05, 0.0, 0.05)


def trunk_breadths(
    pose: Pose, silhouette: Silhouette, arms: ArmCut, levels: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the trunk's breadths, arms taken off, as shares of the stature.

    A level is a share of the way from the shoulder joints (0) to the hip joints (1). Of 900 rendered bodies,
    the bust lies at 0.26, the natural waist at 0.68, the buttocks at 0.97. Below the crotch, it is the
    breadth over both legs.

    Raises:
        NoFullBody: the silhouette has no trunk between shoulders and hips.
    """
    rows = (levels[:, None] + _ROWS_PER_LEVEL).clip(min=0)
    shoulders = pose.middle(Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER)
    hips = pose.middle(Joint.LEFT_HIP, Joint.RIGHT_HIP)
    points_px = (shoulders + rows[..., None] * (hips - shoulders)).reshape(-1, 2).tolist()
    breadths_px = np.array([_breadth_px(pose, silhouette, arms, x_px, y_px) for x_px, y_px in points_px])
    breadths_px = breadths_px.reshape(rows.shape)
    breadths_px[breadths_px <= 0] = np.nan
    seen = ~np.isnan(breadths_px).all(axis=1)
    if not seen[levels <= 1].all():
        raise NoFullBody(Refusal.OUTLINE_UNCLEAR)
    breadths_px[~seen] = breadths_px[seen][-1]  # legs apart: what hides between them is as broad as above
    return np.asarray(np.nanmean(breadths_px, axis=1)) / silhouette.height_px


def trunk_line(
    pose: Pose, silhouette: Silhouette, arms: ArmCut, level: float
) -> tuple[float, float, float] | None:
    """Return left end, right end and height in pixels of the breadth at a level, for drawing."""
    shoulders = pose.middle(Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER)
    hips = pose.middle(Joint.LEFT_HIP, Joint.RIGHT_HIP)
    x_px, y_px = (float(value) for value in shoulders + np.float32(level) * (hips - shoulders))
    ends = _ends_px(pose, silhouette, arms, x_px, y_px)
    return None if ends is None else (*ends, y_px)


def _breadth_px(pose: Pose, silhouette: Silhouette, arms: ArmCut, x_px: float, y_px: float) -> float:
    ends = _ends_px(pose, silhouette, arms, x_px, y_px)
    return float("nan") if ends is None else ends[1] - ends[0]


def _ends_px(
    pose: Pose, silhouette: Silhouette, arms: ArmCut, x_px: float, y_px: float
) -> tuple[float, float] | None:
    run = silhouette.run_around(x_px, y_px) or _over_both_legs(pose, silhouette, y_px)
    return None if run is None else arms.torso_of(run, x_px, y_px)


def _over_both_legs(pose: Pose, silhouette: Silhouette, y_px: float) -> tuple[float, float] | None:
    legs = [
        silhouette.run_around(float(pose.leg_px(hip, knee, ankle, np.array(y_px))), y_px)
        for hip, knee, ankle in (
            (Joint.LEFT_HIP, Joint.LEFT_KNEE, Joint.LEFT_ANKLE),
            (Joint.RIGHT_HIP, Joint.RIGHT_KNEE, Joint.RIGHT_ANKLE),
        )
    ]
    runs = [run for run in legs if run is not None]
    return (min(run[0] for run in runs), max(run[1] for run in runs)) if len(runs) == len(legs) else None
