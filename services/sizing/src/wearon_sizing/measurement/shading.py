import statistics

import numpy as np
from numpy.typing import NDArray

from wearon_sizing.measurement.brightness import (
    MIDDLE_PLACES,
    Profile,
    brightness_across,
    medians_of,
    profile_of,
)
from wearon_sizing.measurement.inputs import SHADE
from wearon_sizing.measurement.known import mean_of_known
from wearon_sizing.measurement.silhouette import Silhouette
from wearon_sizing.measurement.trunk import Trunk
from wearon_sizing.pose import Joint, Pose

FloatVector = NDArray[np.float64]

# Of a half, from the middle outwards.
_MIDDLE, _EDGE, _SLIGHTLY_IN = slice(0, 12), slice(24, 36), slice(7, 36)
_TRUNK_LEVELS = np.linspace(0.02, 1.22, 61)
_LEG_ROWS = 16
_DOWN_LEG = np.linspace(0, 1, _LEG_ROWS)
_LEG_FROM, _LEG_TO = 0.5, 0.95  # of thigh and of shin

# How finely traits are told apart: bands down the trunk and the legs, shares of the way to the edge.
_BANDS, _ZONES, _STEPS, _LEG_BANDS = 10, 4, 20, 8

_ACROSS_TRUNK = [
    f"{SHADE}{name}_{band}_{zone}"
    for name in ("side", "front")
    for band in range(_BANDS)
    for zone in range(_ZONES)
]
_DOWN_TRUNK = [f"{SHADE}down_{step}" for step in range(_STEPS)]
_ALONG_LEGS = [f"{SHADE}leg_{name}_{band}" for name in ("side", "front") for band in range(_LEG_BANDS)]

_MOST_DOWN = 0.08  # in logarithms of brightness; the hem of a garment changes by more
_LEAST_LIGHT = 0.02  # with less difference between a leg's two sides nothing can be scaled by it

_LEGS = [
    (Joint.LEFT_HIP, Joint.RIGHT_HIP),
    (Joint.LEFT_KNEE, Joint.RIGHT_KNEE),
    (Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE),
]


def describe_shading(
    pose: Pose, silhouette: Silhouette, rgb: NDArray[np.uint8], trunk: Trunk
) -> dict[str, float]:
    """Return how brightness falls off across and down the trunk, in units of how it does across the legs.

    A breadth says nothing about depth, but light does: it falls off faster across a round trunk than across
    a flat one, and darkens below a bust or a belly. Legs are nearly round on everybody, so they tell how
    strong the light is. Only ratios of brightness in one row, or from a row to the next, are used: the colour
    of skin and cloth cancels out.

    `light_side` and `light_front` describe the light itself; all else is NaN where it comes straight from the
    front or the legs do not show it.
    """
    rows = brightness_across(rgb, np.hstack([_leg_ends_px(pose, silhouette), trunk.ends_px(_TRUNK_LEVELS)]))
    profile, trunk_rows = profile_of(rows), slice(2 * _LEG_ROWS, None)
    legs = profile.of(slice(2 * _LEG_ROWS))
    seen = ~np.isnan(legs.side[:, 0])
    light = float(np.median(legs.side[seen, _SLIGHTLY_IN])) if seen.any() else 0.0
    scale = light if abs(light) > _LEAST_LIGHT else float("nan")
    return {
        "light_side": abs(light),
        "light_front": _fall_off(legs.of(seen)),
        **_across_trunk(profile.of(trunk_rows), scale),
        **_down_trunk(rows[trunk_rows], abs(scale)),
        **_along_legs(legs, scale),
    }


def _leg_ends_px(pose: Pose, silhouette: Silhouette) -> FloatVector:
    """Return left end, right end, height (3, rows) across one leg and then the other.

    Ends are NaN where it is not alone.
    """
    hips_px, knees_px, ankles_px = pose.points_px[_LEGS, 1, None].astype(np.float64)
    from_px, to_px = hips_px + _LEG_FROM * (knees_px - hips_px), knees_px + _LEG_TO * (ankles_px - knees_px)
    ys_px = from_px + _DOWN_LEG * (to_px - from_px)
    legs_px = pose.legs_px(ys_px)  # (legs, legs whose rows they are, rows)
    side = np.arange(2)
    this_px, other_px = legs_px[side, side], legs_px[1 - side, side]
    ends_px = silhouette.runs.around(this_px, ys_px)
    ends_px[:, (ends_px[0] < other_px) & (other_px < ends_px[1])] = np.nan
    return np.vstack([ends_px, ys_px[None]]).reshape(3, -1)


def _fall_off(profile: Profile) -> float:
    """Return how much darker the edges are than the middle, which light from the front makes them."""
    if not profile.front.size:
        return 0.0
    return float(statistics.median(_darkening(profile).tolist()))  # NumPy's own takes many times as long


def _darkening(profile: Profile) -> FloatVector:
    """Return how much darker the edges of each row are than its middle."""
    return np.asarray(profile.front[:, _MIDDLE].mean(axis=1) - profile.front[:, _EDGE].mean(axis=1))


def _across_trunk(trunk: Profile, scale: float) -> dict[str, float]:
    sides, fronts = _zones(trunk.side) / scale, _zones(trunk.front) / abs(scale)
    return dict(zip(_ACROSS_TRUNK, [*sides.tolist(), *fronts.tolist()], strict=True))


def _zones(rows: FloatVector) -> FloatVector:
    """Return the mean of each zone of each band."""
    rows_per_band = len(rows) // _BANDS
    blocks = rows[: _BANDS * rows_per_band].reshape(_BANDS, rows_per_band, _ZONES, -1)
    return np.asarray(blocks.mean(axis=(1, 3)).ravel())


def _down_trunk(rows: FloatVector, scale: float) -> dict[str, float]:
    """Return how much brighter the middle gets from one height to the next."""
    middle = medians_of(rows[:, MIDDLE_PLACES])
    steps = (middle[1:] - middle[:-1]).clip(-_MOST_DOWN, _MOST_DOWN) / scale
    return dict(zip(_DOWN_TRUNK, steps.reshape(_STEPS, -1).sum(axis=1).tolist(), strict=True))


def _along_legs(legs: Profile, scale: float) -> dict[str, float]:
    """Return the same across the legs, band by band: thick thighs are less round than shins."""
    sides, fronts = legs.side[:, 3:12].mean(axis=1) / scale, _darkening(legs) / abs(scale)
    rows = np.array([sides, fronts]).reshape(2, 2, _LEG_BANDS, -1)  # (traits, legs, bands, rows)
    bands = rows.swapaxes(1, 2).reshape(2 * _LEG_BANDS, -1)
    return dict(zip(_ALONG_LEGS, mean_of_known(bands).tolist(), strict=True))
