import numpy as np
from numpy.typing import NDArray

from wearon_sizing.fitting.bodies import Bodies
from wearon_sizing.fitting.fit import Plan, fit_variant
from wearon_sizing.fitting.ridge import folds_of
from wearon_sizing.fitting.survey import Survey
from wearon_sizing.measurement.shape_model import Target, Variant

FloatVector = NDArray[np.float64]

FOLDS = 10


def predict_unseen(bodies: Bodies, survey: Survey, plan: Plan, seed: int = 1) -> FloatVector:
    """Return log(target / stature) of every body by a fit that never saw it; a column a target."""
    return predict_held_out(bodies, survey, plan, folds_of(len(bodies.files), FOLDS, seed))


def predict_held_out(
    bodies: Bodies, survey: Survey, plan: Plan, held_out: list[NDArray[np.intp]]
) -> FloatVector:
    """Return the same for given groups, each predicted by a fit to all the others."""
    predicted = np.full((len(bodies.files), len(Target)), np.nan)
    for group in held_out:
        training = np.setdiff1d(np.arange(len(bodies.files)), group)
        predicted[group] = predict(fit_variant(bodies, survey, training, plan), bodies, group)
    return predicted


def predict(variant: Variant, bodies: Bodies, rows: NDArray[np.intp]) -> FloatVector:
    """Return log(target / stature) of bodies by a fitted variant; a column a target."""
    z = [variant.standardised({name: column[row] for name, column in bodies.traits.items()}) for row in rows]
    return np.log([[variant.share_of_stature(target, body) for target in Target] for body in z])
