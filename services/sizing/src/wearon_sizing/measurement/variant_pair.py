import numpy as np
from numpy.typing import NDArray

from wearon_sizing.measurement.inputs import SHADE
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

    def trust(self, traits: dict[str, float]) -> float:
        """Return how far the shading is to be believed, 0..1."""
        share = float(np.prod([usual.share(traits[name]) for name, usual in self.light.items()]))
        return share * self.oddity.share(oddity_of(self.shaded, traits)) if share > 0 else 0.0

    def log_shares(self, traits: dict[str, float], sex: Sex | None = None) -> FloatVector:
        """Return log(target / stature) in the order of `Target`."""
        outline, shaded = (
            variant.log_shares(variant.standardised(traits), sex) for variant in (self.outline, self.shaded)
        )
        return blend(outline, shaded, self.trust(traits))


def blend(outline: FloatVector, shaded: FloatVector, trust: FloatVector | float) -> FloatVector:
    """Return what the outline says, changed by what its shading shows as far as that is believed."""
    return np.asarray(outline + trust * (shaded - outline).clip(-_MOST_CHANGE, _MOST_CHANGE))


def oddity_of(shaded: Variant, traits: dict[str, float]) -> float:
    """Return the mean square of the standardised shading: 1 on average."""
    is_shade = [trait.name.startswith(SHADE) for trait in shaded.traits]
    return float(np.mean(shaded.standardised(traits)[is_shade] ** 2))
