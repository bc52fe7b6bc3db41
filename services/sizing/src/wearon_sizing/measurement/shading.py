from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from wearon_sizing.measurement.inputs import SHADE
from wearon_sizing.measurement.silhouette import Silhouette
from wearon_sizing.measurement.trunk import Trunk
from wearon_sizing.pose import Joint, Pose

FloatVector = NDArray[np.float64]

# Places across a part of the body, shares of the way from its middle to its edge. The very edge is left out:
# it is half background.
_ACROSS = np.arange(1, 37) / 40
_PLACES = np.concatenate([-_ACROSS[::-1], _ACROSS])
_MIDDLE, _EDGE = slice(0, 12), slice(24, 36)
_TRUNK_LEVELS = np.linspace(0.02, 1.22, 61)
_LEG_ROWS = 16
_LEG_FROM, _LEG_TO = 0.5, 0.95  # of thigh and of shin

# How finely traits are told apart: bands down the trunk and the legs, shares of the way to the edge.
_BANDS, _ZONES, _STEPS, _LEG_BANDS = 10, 4, 20, 8

# In logarithms of brightness. Shading changes by less; the border of a garment or a print by more.
_MOST_ACROSS, _MOST_DOWN = 0.7, 0.08
_BLACK = 5.0  # of 255, keeps the logarithm of a dark pixel calm
_LEAST_LIGHT = 0.02  # with less difference between a leg's two sides nothing can be scaled by it
_SLIGHTLY_IN = slice(7, 36)

_LEGS = (
    (Joint.LEFT_HIP, Joint.LEFT_KNEE, Joint.LEFT_ANKLE),
    (Joint.RIGHT_HIP, Joint.RIGHT_KNEE, Joint.RIGHT_ANKLE),
)


class _Profile(NamedTuple):
    """Brightness across a part, (rows, places from the middle to the edge), in logarithms.

    `side`: how much brighter the right half is than the left, halved; `front`: the mean of both halves.
    """

    side: FloatVector
    front: FloatVector


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
    legs = _profile(np.vstack([_leg_rows(pose, silhouette, rgb, side) for side in (0, 1)]))
    seen = ~np.isnan(legs.side[:, 0])
    light = float(np.median(legs.side[seen][:, _SLIGHTLY_IN])) if seen.any() else 0.0
    scale = light if abs(light) > _LEAST_LIGHT else float("nan")
    rows = _brightness(rgb, *trunk.ends_px(_TRUNK_LEVELS))
    return {
        "light_side": abs(light),
        "light_front": _fall_off(_Profile(*(part[seen] for part in legs))),
        **_across_trunk(_profile(rows), scale),
        **_down_trunk(rows, abs(scale)),
        **_along_legs(legs, scale),
    }


def _leg_rows(pose: Pose, silhouette: Silhouette, rgb: NDArray[np.uint8], side: int) -> FloatVector:
    """Return the brightness across a leg; NaN where it is not alone in its row."""
    hip, knee, ankle = (pose.pixel(joint) for joint in _LEGS[side])
    rows_px = np.linspace(
        hip[1] + _LEG_FROM * (knee - hip)[1], knee[1] + _LEG_TO * (ankle - knee)[1], _LEG_ROWS
    )
    this, other = (pose.leg_px(*leg, rows_px).tolist() for leg in (_LEGS[side], _LEGS[1 - side]))
    ends_px = np.full((_LEG_ROWS, 2), np.nan)
    for row, y_px in enumerate(rows_px.tolist()):
        run = silhouette.run_around(this[row], y_px)
        if run is not None and not run[0] < other[row] < run[1]:
            ends_px[row] = run
    return _brightness(rgb, ends_px[:, 0], ends_px[:, 1], rows_px)


def _brightness(
    rgb: NDArray[np.uint8], left_px: FloatVector, right_px: FloatVector, y_px: FloatVector
) -> FloatVector:
    """Return the logarithm of the brightness across rows, at the places to the left and to the right."""
    seen = ~np.isnan(left_px)
    left_px, right_px = np.where(seen, left_px, 0), np.where(seen, right_px, 0)
    xs = ((left_px + right_px)[:, None] + _PLACES * (right_px - left_px)[:, None]) / 2
    ys = np.repeat(y_px[:, None], len(_PLACES), axis=1)
    pixels = cv2.remap(
        rgb, xs.astype(np.float32), ys.astype(np.float32), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    grey = np.log(pixels.sum(axis=2, dtype=np.float64) / 3 + _BLACK)
    grey[~seen] = np.nan
    return np.asarray(grey)


def _profile(rows: FloatVector) -> _Profile:
    relative = (rows - np.median(rows, axis=1, keepdims=True)).clip(-_MOST_ACROSS, _MOST_ACROSS)
    left, right = relative[:, : len(_ACROSS)][:, ::-1], relative[:, len(_ACROSS) :]
    return _Profile((right - left) / 2, (right + left) / 2)


def _fall_off(profile: _Profile) -> float:
    """Return how much darker the edges are than the middle, which light from the front makes them."""
    if not profile.front.size:
        return 0.0
    return float(np.median(profile.front[:, _MIDDLE].mean(axis=1) - profile.front[:, _EDGE].mean(axis=1)))


def _across_trunk(trunk: _Profile, scale: float) -> dict[str, float]:
    return {
        **_zones(f"{SHADE}side", trunk.side / scale),
        **_zones(f"{SHADE}front", trunk.front / abs(scale)),
    }


def _zones(name: str, rows: FloatVector) -> dict[str, float]:
    rows_per_band = len(rows) // _BANDS
    blocks = rows[: _BANDS * rows_per_band].reshape(_BANDS, rows_per_band, _ZONES, -1)
    means = blocks.mean(axis=(1, 3))
    return {
        f"{name}_{band}_{zone}": float(means[band, zone]) for band in range(_BANDS) for zone in range(_ZONES)
    }


def _down_trunk(rows: FloatVector, scale: float) -> dict[str, float]:
    """Return how much brighter the middle gets from one height to the next."""
    middle = slice(len(_ACROSS) - 10, len(_ACROSS) + 10)
    steps = np.diff(np.median(rows[:, middle], axis=1)).clip(-_MOST_DOWN, _MOST_DOWN) / scale
    sums = steps.reshape(_STEPS, -1).sum(axis=1)
    return {f"{SHADE}down_{step}": float(value) for step, value in enumerate(sums)}


def _along_legs(legs: _Profile, scale: float) -> dict[str, float]:
    """Return the same across the legs, band by band: thick thighs are less round than shins."""
    traits: dict[str, float] = {}
    sides = np.split(legs.side[:, 3:12].mean(axis=1), 2)
    fronts = np.split(legs.front[:, _MIDDLE].mean(axis=1) - legs.front[:, _EDGE].mean(axis=1), 2)
    for name, two, unit in (("side", sides, scale), ("front", fronts, abs(scale))):
        bands = np.concatenate([leg.reshape(_LEG_BANDS, -1) for leg in two], axis=1) / unit
        seen = ~np.isnan(bands)
        means = np.where(seen, bands, 0).sum(axis=1) / np.where(seen.any(axis=1), seen.sum(axis=1), np.nan)
        traits |= {f"{SHADE}leg_{name}_{band}": float(value) for band, value in enumerate(means)}
    return traits
