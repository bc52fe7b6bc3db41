from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wearon_sizing.fitting.bodies import Bodies
from wearon_sizing.fitting.ridge import solve_ridge
from wearon_sizing.fitting.survey import Survey
from wearon_sizing.fitting.survey_traits import expected_traits
from wearon_sizing.measurement.inputs import LIGHT, SHADE, is_logarithm
from wearon_sizing.measurement.variant import (
    Equation,
    Spread,
    Target,
    Trait,
    Variant,
    products_of_two,
    ranges_of,
    standardise,
)

FloatVector = NDArray[np.float64]

AXES, SHADED_AXES = 8, 12
PENALTY, SHADE_PENALTY = 20.0, 60.0
"""Of a standardised trait; chosen by cross-validation; between 10 and 100 little depends on it."""
BEND_PENALTY = 200.0
SURVEY_SHARE = 0.1
"""The survey's weight in the fit, of the pictures': enough to steady the slopes, too little to bend them."""
LOOSE_WEIGHT = 3.0
"""Of a picture with loose clothes; there are few, and unweighted they come out 0.3 cm larger still."""
_STRETCH = {(False, False): 1.05, (False, True): 1.02, (True, False): 1.0, (True, True): 1.0}
"""By (weight known, shading seen): see `Plan.stretch`; as little as slim and heavy people need."""
_EDGE = 0.005
"""Beyond these quantiles of the fitting data, a trait is not followed."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to fit with; the defaults are what is shipped."""

    with_weight: bool
    with_shading: bool
    survey_share: float = SURVEY_SHARE
    penalty: float = PENALTY
    shade_penalty: float = SHADE_PENALTY
    bend_penalty: float = BEND_PENALTY

    @property
    def axes(self) -> int:
        """How many main directions are followed with products."""
        return SHADED_AXES if self.with_shading else AXES

    @property
    def stretch(self) -> float:
        """How far estimates are moved away from the usual body.

        What a picture does not tell, least squares fill in with the usual: slim people come out too large
        and heavy ones too small. A small stretch takes most of that back and costs next to nothing.
        """
        return _STRETCH[self.with_weight, self.with_shading]

    def uses(self, trait: str) -> bool:
        """Whether a trait is an input: what describes the light is none."""
        if trait == "ponderal":
            return self.with_weight
        return not trait.startswith(LIGHT) and (self.with_shading or not trait.startswith(SHADE))

    def penalties(self, names: list[str]) -> FloatVector:
        """Return how strongly each coefficient is drawn to nothing: two intercepts, slopes, bends."""
        slopes = [self.shade_penalty if name.startswith(SHADE) else self.penalty for name in names]
        bends = self.axes * (self.axes + 1) // 2
        return np.array([0.0, 0.0, *slopes, *[self.bend_penalty] * bends])


def fit_variant(bodies: Bodies, survey: Survey, training: NDArray[np.intp], plan: Plan) -> Variant:
    """Fit every target to the bodies at `training`, their mirrored pictures and the survey.

    The survey's people get an intercept of their own: what they have more at equal breadths is reported, not
    added (see docs/sizing.md). Spread and sex offsets are left at nothing; they come from out-of-fold errors.
    """
    names = [name for name in bodies.traits if plan.uses(name)]
    raw = np.vstack([_raw(names, bodies.traits, training), _raw(names, bodies.mirrored, training)])
    traits = _describe(names, raw)
    z = standardise(ranges_of(traits), raw)
    axes = _main_axes(z, plan.axes)
    people = expected_traits(bodies, survey, training, traits, z[: len(training)])
    pictured = log_shares(bodies.truth)[training]
    wanted = np.vstack([pictured, pictured, log_shares(survey.truth)])
    design, weight = _design(z, people, axes, plan.survey_share)
    weight[: len(z)] *= np.tile(np.where(bodies.clothes[training] == "loose", LOOSE_WEIGHT, 1.0), 2)
    coefficients = solve_ridge(design, wanted, weight, plan.penalties(names))
    coefficients = _stretched(coefficients, pictured.mean(axis=0), plan.stretch)
    equations = {
        target: _equation(column, len(names)) for target, column in zip(Target, coefficients.T, strict=True)
    }
    nothing = Spread(intercept=0, unusual=0, touching=0, loose=0)
    return Variant(
        traits=tuple(traits), axes=tuple(map(_rounded, axes)), equations=equations, chest_spread=nothing
    )


def _raw(names: list[str], traits: dict[str, FloatVector], rows: NDArray[np.intp]) -> FloatVector:
    columns = [np.log(traits[name]) if is_logarithm(name) else traits[name] for name in names]
    return np.stack(columns, axis=1)[rows]


def _describe(names: list[str], raw: FloatVector) -> list[Trait]:
    low, high = np.nanquantile(raw, [_EDGE, 1 - _EDGE], axis=0)
    kept = raw.clip(low, high)
    usual, scale = np.nanmean(kept, axis=0), np.nanstd(kept, axis=0)
    return [
        Trait(
            name=name, is_logarithm=is_logarithm(name), low=_round(low[i]), high=_round(high[i]),
            usual=_round(usual[i]), scale=_round(scale[i]),
        )
        for i, name in enumerate(names)
    ]  # fmt: skip


def _main_axes(z: FloatVector, count: int) -> FloatVector:
    """Return the first principal axes, scaled so that bodies vary by 1 along each."""
    _, sizes, directions = np.linalg.svd(z - z.mean(axis=0), full_matrices=False)
    return np.asarray(directions[:count] / (sizes[:count, None] / np.sqrt(len(z))))


def _design(
    z: FloatVector, people: FloatVector, axes: FloatVector, survey_share: float
) -> tuple[FloatVector, FloatVector]:
    """Return the inputs of the pictures' rows, then of the survey's people, and the weight of each row."""
    rows = np.vstack([z, people])
    is_survey = np.repeat([0.0, 1.0], [len(z), len(people)])
    design = np.column_stack([np.ones(len(rows)), is_survey, rows, products_of_two(rows @ axes.T)])
    return design, np.where(is_survey > 0, survey_share * len(z) / len(people), 1.0)


def _stretched(coefficients: FloatVector, usual: FloatVector, stretch: float) -> FloatVector:
    """Move what the coefficients (columns, targets) estimate away from the usual logarithms."""
    stretched = coefficients * stretch
    stretched[0] += (1 - stretch) * usual
    return stretched


def log_shares(truth: dict[str, FloatVector]) -> FloatVector:
    """Return log(target / stature), one column a target."""
    return np.log(np.stack([truth[target] / truth["height_cm"] for target in Target], axis=1))


def _equation(column: FloatVector, traits: int) -> Equation:
    intercept, survey_offset = column[:2]
    return Equation(
        intercept=_round(intercept),
        slopes=_rounded(column[2 : 2 + traits]),
        bends=_rounded(column[2 + traits :]),
        residual_sd=1.0,
        sex_offset={},
        survey_offset=_round(survey_offset),
    )


def _round(value: float) -> float:
    return float(f"{value:.5g}")


def _rounded(values: FloatVector) -> tuple[float, ...]:
    return tuple(map(_round, values))
