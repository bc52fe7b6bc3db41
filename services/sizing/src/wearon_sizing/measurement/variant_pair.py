import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wearon_sizing.measurement.variant import Data, Sex, Variant

FloatVector = NDArray[np.float64]

_MOST_CHANGE = 0.2
"""Shading moves no logarithm by more: of 900 rendered bodies it moves one in two hundred as far."""


class Usual(Data):
    """Where a number lay in the fitting pictures, `low` to `high`, and beyond which it means nothing."""

    least: float
    low: float
    high: float
    most: float

    def share(self, value: float) -> float:
        """Return 1 for the usual, falling to 0 at `least` and `most`."""
        return float(np.interp(value, [self.least, self.low, self.high, self.most], [0, 1, 1, 0]))


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """A body's traits as both variants take them, standardised, and how far its shading is believed, 0..1."""

    outline: FloatVector
    shaded: FloatVector
    trust: float


class VariantPair(Data):
    """What is fitted to the outline alone, and what to the outline with its shading.

    Shading shows the depth that an outline lacks, but only in a light like that of the fitting pictures.
    `light` says how strong it was there, `oddity` how far the shading of a body lay from the usual one:
    prints, shadows and folds are odd.
    """

    outline: Variant
    shaded: Variant
    light: dict[str, Usual]
    oddity: Usual

    def see(self, traits: dict[str, float]) -> Seen:
        """Take a body's traits in, and judge its shading."""
        outline, shaded = (variant.standardised(traits) for variant in (self.outline, self.shaded))
        light = math.prod(usual.share(traits[name]) for name, usual in self.light.items())
        return Seen(outline, shaded, light * self.oddity.share(self.shaded.oddity(shaded)))

    def log_shares(self, seen: Seen, sex: Sex | None = None) -> FloatVector:
        """Return log(target / stature) in the order of `Target`."""
        outline, shaded = self.outline.log_shares(seen.outline, sex), self.shaded.log_shares(seen.shaded, sex)
        return blend(outline, shaded, seen.trust)


def blend(outline: FloatVector, shaded: FloatVector, trust: FloatVector | float) -> FloatVector:
    """Return what the outline says, changed by what its shading shows as far as that is believed."""
    return np.asarray(outline + trust * (shaded - outline).clip(-_MOST_CHANGE, _MOST_CHANGE))
