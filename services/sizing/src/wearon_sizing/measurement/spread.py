import math
from dataclasses import dataclass

import numpy as np

from wearon_sizing.measurement.variant import FloatVector, Spread, Variant
from wearon_sizing.measurement.variant_pair import Seen, VariantPair

_MOST_UNUSUAL = 4.0
_MOST_LOOSE = 0.4


@dataclass(frozen=True, slots=True)
class DoubtCues:
    """What makes a chest harder to tell: 0 is an ordinary body with free arms in close-fitting clothes.

    `unusual`: mean square of the body's places on the axes, 1 for the average body; `touching`: share of the
    arms that is not clear of the trunk; `loose`: how much sleeves and trousers stand off where they end.
    """

    unusual: float
    touching: float
    loose: float


def doubt_cues(variant: Variant, z: FloatVector, traits: dict[str, float], free_arms: float) -> DoubtCues:
    """Read the cues off a body's traits; `z` is what the variant makes of them, see `standardised`."""
    places = variant.along_axes(z)
    steps = max(traits["sleeve_step"], 0) + max(traits["leg_step"], 0)
    return DoubtCues(
        unusual=min(float(np.mean(places**2)), _MOST_UNUSUAL),
        touching=1 - free_arms,
        loose=min(steps, _MOST_LOOSE),
    )


def spread_of_pair(pair: VariantPair, seen: Seen, traits: dict[str, float], free_arms: float) -> float:
    """Return the standard deviation of the logarithm of the chest girth, as far as shading is believed."""
    outline, shaded = (
        chest_spread(variant.chest_spread, doubt_cues(variant, z, traits, free_arms))
        for variant, z in ((pair.outline, seen.outline), (pair.shaded, seen.shaded))
    )
    return mix_spreads(outline, shaded, seen.trust)


def mix_spreads(outline: float, shaded: float, trust: float) -> float:
    """Return the spread of an estimate that goes the share `trust` of the way from one to the other."""
    return outline + trust * (shaded - outline)


def chest_spread(spread: Spread, cues: DoubtCues) -> float:
    """Return the standard deviation of the logarithm of the chest girth."""
    return math.exp(
        spread.intercept
        + spread.unusual * cues.unusual
        + spread.touching * cues.touching
        + spread.loose * cues.loose
    )
