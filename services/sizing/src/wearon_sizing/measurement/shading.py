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
from wearon_sizing.measurement.silhouette import Silhouette
from wearon_sizing.measurement.trunk import Trunk
from wearon_sizing.pose import Joint, Pose

FloatVector = NDArray[np.float64]

# Of a half, from the middle outwards.
_MIDDLE, _EDGE, _SLIGHTLY_IN = slice(0, 12), slice(24, 36), slice(7, 36)
_TRUNK_LEVELS = np.linspace(0.02, 1.22, 61)
_LEG_ROWS = 16
_LEG_FROM, _LEG_TO = 0.5, 0.95  # of thigh and of shin

# How finely traits are told apart: bands down the trunk and the legs, shares of the way to the edge.
_BANDS, _ZONES, _STEPS, _LEG_BANDS = 10, 4, 20, 8

_MOST_DOWN = 0.08  # in logarithms of brightness; the hem of a garment changes by more
_LEAST_LIGHT = 0.02  # with less difference between a leg's two sides nothing can be scaled by it

_LEGS = (
    (Joint.LEFT_HIP, Joint.LEFT_KNEE, Joint.LEFT_ANKLE),
    (Joint.RIGHT_HIP, Joint.RIGHT_KNEE, Joint.RIGHT_ANKLE),
)


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
    legs_px = [_leg_ends_px(pose, silhouette, side) for side in (0, 1)]
    rows = brightness_across(rgb, np.hstack([*legs_px, trunk.ends_px(_TRUNK_LEVELS)]))
    profile, trunk_rows = profile_of(rows), slice(2 * _LEG_ROWS, None)
    legs = profile.of(slice(2 * _LEG_ROWS))
    seen = ~np.isnan(legs.side[:, 0])
    light = float(np.median(legs.side[seen][:, _SLIGHTLY_IN])) if seen.any() else 0.0
    scale = light if abs(light) > _LEAST_LIGHT else float("nan")
    return {
        "light_side": abs(light),
        "light_front": _fall_off(legs.of(seen)),
        **_across_trunk(profile.of(trunk_rows), scale),
        **_down_trunk(rows[trunk_rows], abs(scale)),
        **_along_legs(legs, scale),
    }


def _leg_ends_px(pose: Pose, silhouette: Silhouette, side: int) -> FloatVector:
    """Return left end, right end, height (3, rows) across a leg; ends are NaN where it is not alone."""
    hip_px, knee_px, ankle_px = (float(pose.pixel(joint)[1]) for joint in _LEGS[side])
    rows_px = np.linspace(
        hip_px + _LEG_FROM * (knee_px - hip_px), knee_px + _LEG_TO * (ankle_px - knee_px), _LEG_ROWS
    )
    this, other = (pose.leg_px(*leg, rows_px).tolist() for leg in (_LEGS[side], _LEGS[1 - side]))
    ends_px = [_run_of_one(silhouette, *places) for places in zip(this, other, rows_px.tolist(), strict=True)]
    return np.vstack([np.array(ends_px).T, rows_px])


def _run_of_one(silhouette: Silhouette, x_px: float, other_px: float, y_px: float) -> tuple[float, float]:
    run = silhouette.run_around(x_px, y_px)
    return (np.nan, np.nan) if run is None or run[0] < other_px < run[1] else run


def _fall_off(profile: Profile) -> float:
    """Return how much darker the edges are than the middle, which light from the front makes them."""
    if not profile.front.size:
        return 0.0
    return float(np.median(profile.front[:, _MIDDLE].mean(axis=1) - profile.front[:, _EDGE].mean(axis=1)))


def _across_trunk(trunk: Profile, scale: float) -> dict[str, float]:
    return {
        **_zones(f"{SHADE}side", trunk.side / scale),
        **_zones(f"{SHADE}front", trunk.front / abs(scale)),
    }


def _zones(name: str, rows: FloatVector) -> dict[str, float]:
    rows_per_band = len(rows) // _BANDS
    blocks = rows[: _BANDS * rows_per_band].reshape(_BANDS, rows_per_band, _ZONES, -1)
    means = blocks.mean(axis=(1, 3)).tolist()
    return {f"{name}_{band}_{zone}": means[band][zone] for band in range(_BANDS) for zone in range(_ZONES)}


def _down_trunk(rows: FloatVector, scale: float) -> dict[str, float]:
    """Return how much brighter the middle gets from one height to the next."""
    steps = np.diff(medians_of(rows[:, MIDDLE_PLACES])).clip(-_MOST_DOWN, _MOST_DOWN) / scale
    sums = steps.reshape(_STEPS, -1).sum(axis=1).tolist()
    return {f"{SHADE}down_{step}": value for step, value in enumerate(sums)}


def _along_legs(legs: Profile, scale: float) -> dict[str, float]:
    """Return the same across the legs, band by band: thick thighs are less round than shins."""
    traits: dict[str, float] = {}
    sides = np.split(legs.side[:, 3:12].mean(axis=1), 2)
    fronts = np.split(legs.front[:, _MIDDLE].mean(axis=1) - legs.front[:, _EDGE].mean(axis=1), 2)
    for name, two, unit in (("side", sides, scale), ("front", fronts, abs(scale))):
        bands = np.concatenate([leg.reshape(_LEG_BANDS, -1) for leg in two], axis=1) / unit
        seen = ~np.isnan(bands)
        means = np.where(seen, bands, 0).sum(axis=1) / np.where(seen.any(axis=1), seen.sum(axis=1), np.nan)
        traits |= {f"{SHADE}leg_{name}_{band}": value for band, value in enumerate(means.tolist())}
    return traits
