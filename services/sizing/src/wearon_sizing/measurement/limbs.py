import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from wearon_sizing.measurement.cuffs import step_at_edge
from wearon_sizing.measurement.silhouette import Silhouette
from wearon_sizing.measurement.strip import Strip, unroll
from wearon_sizing.pose import FloatArray, Joint, Pose

_ARMS = (
    (Joint.LEFT_SHOULDER, Joint.LEFT_ELBOW, Joint.LEFT_WRIST),
    (Joint.RIGHT_SHOULDER, Joint.RIGHT_ELBOW, Joint.RIGHT_WRIST),
)
_LEGS = (
    (Joint.LEFT_HIP, Joint.LEFT_KNEE, Joint.LEFT_ANKLE),
    (Joint.RIGHT_HIP, Joint.RIGHT_KNEE, Joint.RIGHT_ANKLE),
)
_ROWS = 48
_HALF_REACH = 0.14  # of the stature; the heaviest thighs are half as broad
_AVERAGED_ROWS = 2
# Places along a limb's strip, 0..1. An arm's strip runs from a quarter of the upper arm to the wrist, a leg's
# from the middle of the thigh to the ankle: above, they are one with the trunk.
_ARM_FROM, _LEG_FROM = 0.25, 0.45
_PLACES = {
    "arm": (0.27, 0.42, 0.55, 0.68, 0.82, 0.95),
    "leg": (0.05, 0.18, 0.32, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95),
}


def describe_limbs(pose: Pose, silhouette: Silhouette, rgb: NDArray[np.uint8]) -> dict[str, float]:
    """Return breadths along arms and legs, and the steps where sleeves and trousers end.

    Breadths are shares of the stature, of the slimmer of the two limbs, NaN where neither stands alone: limbs
    are often bare, and tell how much of a broad trunk is cloth.
    """
    arms = [_unroll_limb(pose, silhouette, rgb, limb, _ARM_FROM) for limb in _ARMS]
    legs = [_unroll_limb(pose, silhouette, rgb, limb, _LEG_FROM) for limb in _LEGS]
    return {
        **_breadths("arm", arms),
        **_breadths("leg", legs),
        "sleeve_step": _mean_step(arms),
        "leg_step": _mean_step(legs),
    }


def _unroll_limb(
    pose: Pose, silhouette: Silhouette, rgb: NDArray[np.uint8], limb: tuple[Joint, Joint, Joint], start: float
) -> Strip:
    root, middle, end = (pose.pixel(joint) for joint in limb)
    line: list[FloatArray] = [root + np.float32(start) * (middle - root), middle, end]
    return unroll(silhouette, rgb, line, _ROWS, _HALF_REACH)


def _breadths(name: str, strips: list[Strip]) -> dict[str, float]:
    places = np.array(_PLACES[name])
    rows = (places * (_ROWS - 1)).round().astype(int)
    near = sliding_window_view([strip.breadth for strip in strips], 2 * _AVERAGED_ROWS + 1, axis=1)
    means = _means_of_known(near[:, rows - _AVERAGED_ROWS])
    slimmer = np.fmin(means[0], means[1])
    return {
        f"{name}_{round(place * 100):02d}": float(value) for place, value in zip(places, slimmer, strict=True)
    }


def _means_of_known(windows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return each window's mean without its NaNs; NaN where it has nothing else."""
    known = ~np.isnan(windows)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(known, windows, 0).sum(axis=-1) / known.sum(axis=-1))


def _mean_step(strips: list[Strip]) -> float:
    return float(np.mean([step_at_edge(strip.breadth, strip.colour) for strip in strips]))
