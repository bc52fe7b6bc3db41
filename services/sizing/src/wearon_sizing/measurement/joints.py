from wearon_sizing.measurement.crotch import find_crotch_px
from wearon_sizing.measurement.silhouette import Silhouette
from wearon_sizing.pose import Joint, Pose

_HEIGHTS = {
    "shoulder": (Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER),
    "hip": (Joint.LEFT_HIP, Joint.RIGHT_HIP),
    "knee": (Joint.LEFT_KNEE, Joint.RIGHT_KNEE),
    "ankle": (Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE),
    "nose": (Joint.NOSE, Joint.NOSE),
}
_SPANS = {
    "shoulders": (Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER),
    "hips": (Joint.LEFT_HIP, Joint.RIGHT_HIP),
    "elbows": (Joint.LEFT_ELBOW, Joint.RIGHT_ELBOW),
    "wrists": (Joint.LEFT_WRIST, Joint.RIGHT_WRIST),
}
_LENGTHS = {
    "upper_arm": (Joint.LEFT_SHOULDER, Joint.LEFT_ELBOW, Joint.RIGHT_SHOULDER, Joint.RIGHT_ELBOW),
    "forearm": (Joint.LEFT_ELBOW, Joint.LEFT_WRIST, Joint.RIGHT_ELBOW, Joint.RIGHT_WRIST),
    "thigh": (Joint.LEFT_HIP, Joint.LEFT_KNEE, Joint.RIGHT_HIP, Joint.RIGHT_KNEE),
    "shin": (Joint.LEFT_KNEE, Joint.LEFT_ANKLE, Joint.RIGHT_KNEE, Joint.RIGHT_ANKLE),
}


def describe_joints(pose: Pose, silhouette: Silhouette) -> dict[str, float]:
    """Return where the joints lie: heights above the ground, spans and lengths, as shares of the stature.

    `foot_drop` is how far the toes lie below the heels in the picture. A camera that is high or near sees the
    feet from above and makes the body look longer than it stands: the fit takes the scale back by it.
    """
    ground_px, height_px = silhouette.bottom_px, silhouette.height_px
    heels = pose.middle(Joint.LEFT_HEEL, Joint.RIGHT_HEEL)
    toes = pose.middle(Joint.LEFT_FOOT, Joint.RIGHT_FOOT)
    crotch_px = find_crotch_px(pose, silhouette)
    return {
        **{
            f"{name}_height": float(ground_px - pose.middle(*two)[1]) / height_px
            for name, two in _HEIGHTS.items()
        },
        "crotch_height": float("nan") if crotch_px is None else (ground_px - crotch_px) / height_px,
        "foot_drop": float(toes[1] - heels[1]) / height_px,
        **{f"{name}_span": pose.distance_px(*two) / height_px for name, two in _SPANS.items()},
        **{
            f"{name}_length": (pose.distance_px(a, b) + pose.distance_px(c, d)) / 2 / height_px
            for name, (a, b, c, d) in _LENGTHS.items()
        },
    }
