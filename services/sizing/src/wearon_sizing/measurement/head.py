import numpy as np

from wearon_sizing.measurement.silhouette import Silhouette
from wearon_sizing.pose import Joint, Pose

_ROWS = 20
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
        "eyes_to_mouth": float(np.linalg.norm(eyes - mouth)) / height_px,
    }


def _neck_px(pose: Pose, silhouette: Silhouette) -> float:
    shoulders = pose.middle(Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER)
    rows = np.linspace(pose.pixel(Joint.NOSE)[1], shoulders[1], _ROWS)
    runs = [silhouette.run_around(float(shoulders[0]), row) for row in rows.tolist()]
    neck_px = min((run[1] - run[0] for run in runs if run is not None), default=float("nan"))
    return neck_px if neck_px < _BROADEST_NECK * silhouette.height_px else float("nan")
