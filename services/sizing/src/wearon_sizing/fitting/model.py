import numpy as np

from wearon_sizing.fitting.bodies import Bodies
from wearon_sizing.fitting.calibrate import calibrate
from wearon_sizing.fitting.cross_validation import predict_unseen
from wearon_sizing.fitting.fit_pair import fit_pair
from wearon_sizing.fitting.survey import Survey
from wearon_sizing.measurement.shape_model import ShapeModel
from wearon_sizing.measurement.variant_pair import VariantPair


def fit_model(bodies: Bodies, survey: Survey) -> ShapeModel:
    """Fit all variants to everything; their errors are those of fits that had not seen the body."""
    return ShapeModel(
        provenance=(
            f"{len(bodies.files)} renderings of random adult shapes of the Anny body model (Apache-2.0, CC0 "
            "assets), frontal, arms slightly away, tight to loose clothes, each also mirrored; and the "
            f"proportions of {len(survey.is_female)} people of ANSUR II (US Army, 2012, public release). "
            "Fitted by python -m wearon_sizing.fitting"
        ),
        picture=_fit(bodies, survey, with_weight=False),
        picture_and_weight=_fit(bodies, survey, with_weight=True),
    )


def _fit(bodies: Bodies, survey: Survey, *, with_weight: bool) -> VariantPair:
    pair = fit_pair(bodies, survey, np.arange(len(bodies.files)), with_weight=with_weight)
    unseen = predict_unseen(bodies, survey, with_weight=with_weight)
    return pair.model_copy(
        update={
            "outline": calibrate(pair.outline, bodies, unseen.outline),
            "shaded": calibrate(pair.shaded, bodies, unseen.shaded),
        }
    )
