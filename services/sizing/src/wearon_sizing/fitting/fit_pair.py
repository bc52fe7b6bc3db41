import numpy as np
from numpy.typing import NDArray

from wearon_sizing.fitting.bodies import Bodies
from wearon_sizing.fitting.fit import Plan, fit_variant
from wearon_sizing.fitting.survey import Survey
from wearon_sizing.measurement.inputs import LIGHT
from wearon_sizing.measurement.variant_pair import Usual, VariantPair

FloatVector = NDArray[np.float64]

_UNCOMMON = 0.005
"""This share of the fitting pictures at either end is uncommon."""
_FADE = 0.1
"""Of the common range, how far beyond it shading is still believed a little: a strange light misleads."""


def fit_pair(bodies: Bodies, survey: Survey, training: NDArray[np.intp], *, with_weight: bool) -> VariantPair:
    """Fit the outline alone and with its shading, see `fit_variant`; and what light and shading are usual."""
    outline, shaded = (
        fit_variant(bodies, survey, training, Plan(with_weight, with_shading))
        for with_shading in (False, True)
    )
    light = {
        name: _usual(np.concatenate([column[training], bodies.mirrored[name][training]]))
        for name, column in bodies.traits.items()
        if name.startswith(LIGHT)
    }
    oddities = [shaded.oddity(shaded.standardised(traits_of(bodies, row))) for row in training.tolist()]
    oddity = _usual(np.array(oddities)).model_copy(update={"least": -1.0, "low": 0.0})
    return VariantPair(outline=outline, shaded=shaded, light=light, oddity=oddity)


def traits_of(bodies: Bodies, row: int) -> dict[str, float]:
    """Return the traits of one body."""
    return {name: float(column[row]) for name, column in bodies.traits.items()}


def _usual(values: FloatVector) -> Usual:
    low, high = np.quantile(values, [_UNCOMMON, 1 - _UNCOMMON])
    fade = _FADE * (high - low)
    least, low, high, most = np.round([low - fade, low, high, high + fade], 4).tolist()
    return Usual(least=least, low=low, high=high, most=most)
