from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wearon_sizing.fitting.bodies import Bodies
from wearon_sizing.fitting.fit_pair import fit_pair, traits_of
from wearon_sizing.fitting.ridge import folds_of
from wearon_sizing.fitting.survey import Survey
from wearon_sizing.measurement.variant import Target
from wearon_sizing.measurement.variant_pair import VariantPair, blend

FloatVector = NDArray[np.float64]

FOLDS = 10


@dataclass(frozen=True, slots=True, eq=False)
class Unseen:
    """What fits said of bodies that they had not seen.

    `outline`, `shaded` (bodies, targets): log(target / stature) by either variant; `trust` (bodies,): how far
    the shading was believed.
    """

    outline: FloatVector
    shaded: FloatVector
    trust: FloatVector

    @property
    def told(self) -> FloatVector:
        """Return what is answered, log(target / stature)."""
        return blend(self.outline, self.shaded, self.trust[:, None])


def predict_unseen(bodies: Bodies, survey: Survey, *, with_weight: bool, seed: int = 1) -> Unseen:
    """Predict every body by a fit that never saw it."""
    groups = folds_of(len(bodies.files), FOLDS, seed)
    return predict_held_out(bodies, survey, groups, with_weight=with_weight)


def predict_held_out(
    bodies: Bodies, survey: Survey, held_out: list[NDArray[np.intp]], *, with_weight: bool
) -> Unseen:
    """Predict given groups, each by a fit to all the others."""
    count = len(bodies.files)
    unseen = Unseen(
        np.full((count, len(Target)), np.nan), np.full((count, len(Target)), np.nan), np.zeros(count)
    )
    for group in held_out:
        training = np.setdiff1d(np.arange(count), group)
        _predict(fit_pair(bodies, survey, training, with_weight=with_weight), bodies, group, unseen)
    return unseen


def _predict(pair: VariantPair, bodies: Bodies, rows: NDArray[np.intp], unseen: Unseen) -> None:
    for row in rows.tolist():
        seen = pair.see(traits_of(bodies, row))
        unseen.outline[row] = pair.outline.log_shares(seen.outline)
        unseen.shaded[row] = pair.shaded.log_shares(seen.shaded)
        unseen.trust[row] = seen.trust
