import math

import numpy as np

from wearon_sizing.measurement.silhouette import Silhouette
from wearon_sizing.pose import Joint, Pose

_DOWN = np.linspace(0, 1, 20)
# Of the stature. A broader "neck" is hair beside it: in 900 rendered bodies, heavy ones included, none is
# broader.
_BROADEST_NECK = 0.08


def describe_head(pose: Pose, silhouette: Silhouette) -> dict[str, float]:
    """Return the breadth of the neck and distances in the face, as shares of the stature.

    No garment hides them. The neck is NaN where hair does.
    """
    height_px = silhouette.height_px
    eyes, mouth = (
        pose.middle(Joint.LEFT_EYE, Joint.RIGHT_EYE),
        pose.middle(Joint.LEFT_MOUTH, Joint.RIGHT_MOUTH),
    )
    return {
        "neck": _neck_px(pose, silhouette) / height_px,
        "ears": pose.distance_px(Joint.LEFT_EAR, Joint.RIGHT_EAR) / height_px,
        "eyes": pose.distance_px(Joint.LEFT_EYE, Joint.RIGHT_EYE) / height_px,
        "mouth": pose.distance_px(Joint.LEFT_MOUTH, Joint.RIGHT_MOUTH) / height_px,
        "eyes_to_mouth": math.dist(eyes.tolist(), mouth.tolist()) / height_px,
    }


def _neck_px(pose: Pose, silhouette: Silhouette) -> float:
    (x_px, bottom_px), top_px = pose.shoulders_px.tolist(), float(pose.pixel(Joint.NOSE)[1])
    left_px, right_px = silhouette.runs.around(
        np.full(len(_DOWN), x_px), top_px + _DOWN * (bottom_px - top_px)
    )
    neck_px = float(np.fmin.reduce(right_px - left_px))
    return neck_px if neck_px < _BROADEST_NECK * silhouette.height_px else float("nan")
