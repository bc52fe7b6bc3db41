import numpy as np
from numpy.typing import NDArray

from wearon_sizing.fitting.bodies import Bodies
from wearon_sizing.fitting.fit import log_shares
from wearon_sizing.fitting.fit_pair import traits_of
from wearon_sizing.measurement.spread import DoubtCues, doubt_cues
from wearon_sizing.measurement.variant import Sex, Spread, Target, Variant

FloatVector = NDArray[np.float64]

# Keeps the logarithm of a squared error that happens to be 0 finite.
_LEAST_SQUARE = 1e-5
# Of `Spread`: nothing that should raise doubt may lower it, and loose clothes raise it whatever the sample
# says.
_LEAST_SLOPES = (0, 0, 0, 0.5)


def calibrate(variant: Variant, bodies: Bodies, unseen: FloatVector) -> Variant:
    """Return the variant with residuals, sex offsets and chest spread from out-of-fold predictions."""
    errors = log_shares(bodies.truth) - unseen
    equations = {
        target: variant.equations[target].model_copy(
            update={
                "residual_sd": round(float(errors[:, column].std()), 4),
                "sex_offset": _by_sex(errors[:, column], bodies.is_female),
            }
        )
        for column, target in enumerate(Target)
    }
    spread = fit_spread(cues_of(variant, bodies), errors[:, 0])
    return variant.model_copy(update={"equations": equations, "chest_spread": spread})


def cues_of(variant: Variant, bodies: Bodies) -> list[DoubtCues]:
    """Return what the width of the chest's distribution depends on, for every body."""
    every = [traits_of(bodies, row) for row in range(len(bodies.files))]
    return [
        doubt_cues(variant, variant.standardised(traits), traits, free_arms)
        for traits, free_arms in zip(every, bodies.free_arms.tolist(), strict=True)
    ]


def fit_spread(cues: list[DoubtCues], errors: FloatVector) -> Spread:
    """Fit the logarithm of the errors to the cues, then scale so that squared errors are 1 sd² on average."""
    design = np.array([(1, cue.unusual, cue.touching, cue.loose) for cue in cues])
    slopes = np.linalg.lstsq(design, np.log(errors**2 + _LEAST_SQUARE) / 2, rcond=None)[0]
    slopes = slopes.clip(_LEAST_SLOPES)
    slopes[0] = 0
    scale = np.log(np.mean((errors / np.exp(design @ slopes)) ** 2)) / 2
    intercept, unusual, touching, loose = np.round([scale, *slopes[1:]], 4).tolist()
    return Spread(intercept=intercept, unusual=unusual, touching=touching, loose=loose)


def _by_sex(errors: FloatVector, is_female: NDArray[np.bool_]) -> dict[Sex, float]:
    return {
        Sex.FEMALE: round(float(errors[is_female].mean()), 4),
        Sex.MALE: round(float(errors[~is_female].mean()), 4),
    }
