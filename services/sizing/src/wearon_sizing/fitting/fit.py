from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wearon_sizing.fitting.bodies import Bodies
from wearon_sizing.fitting.ridge import solve_ridge
from wearon_sizing.fitting.survey import Survey
from wearon_sizing.fitting.survey_traits import expected_traits
from wearon_sizing.measurement.inputs import is_logarithm
from wearon_sizing.measurement.shape_model import (
    Equation,
    Spread,
    Target,
    Trait,
    Variant,
    products_of_two,
)

FloatVector = NDArray[np.float64]

AXES = 8
PENALTY = 20.0
"""Of a standardised trait; chosen by cross-validation; between 10 and 100 little depends on it."""
BEND_PENALTY = 200.0
SURVEY_SHARE = 0.1
"""The survey's weight in the fit, of the pictures': enough to steady the slopes, too little to bend them."""
_EDGE = 0.005
"""Beyond these quantiles of the fitting data, a trait is not followed."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to fit with; the defaults are what is shipped."""

    with_weight: bool
    survey_share: float = SURVEY_SHARE
    penalty: float = PENALTY
    bend_penalty: float = BEND_PENALTY


def fit_variant(bodies: Bodies, survey: Survey, training: NDArray[np.intp], plan: Plan) -> Variant:
    """Fit every target to the bodies at `training`, their mirrored pictures and the survey.

    The survey's people get an intercept of their own: what they have more at equal breadths is reported, not
    added (see docs/sizing.md). Spread and sex offsets are left at nothing; they come from out-of-fold errors.
    """
    names = [name for name in bodies.traits if plan.with_weight or name != "ponderal"]
    raw = np.vstack([_raw(names, bodies.traits, training), _raw(names, bodies.mirrored, training)])
    traits = _describe(names, raw)
    z = standardise(traits, raw)
    axes = _main_axes(z)
    people = expected_traits(bodies, survey, training, traits, z[: len(training)])
    pictured = log_shares(bodies.truth)[training]
    wanted = np.vstack([pictured, pictured, log_shares(survey.truth)])
    coefficients = _solve(np.vstack([z, people]), wanted, axes, 2 * len(training), plan)
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


def standardise(traits: list[Trait], raw: FloatVector) -> FloatVector:
    """Return z of every row, as `Variant.standardised` does for one."""
    low, high, usual, scale = np.array([(t.low, t.high, t.usual, t.scale) for t in traits]).T
    return np.asarray((np.where(np.isnan(raw), usual, raw.clip(low, high)) - usual) / scale)


def _main_axes(z: FloatVector) -> FloatVector:
    """Return the first principal axes, scaled so that bodies vary by 1 along each."""
    _, sizes, directions = np.linalg.svd(z - z.mean(axis=0), full_matrices=False)
    return np.asarray(directions[:AXES] / (sizes[:AXES, None] / np.sqrt(len(z))))


def _solve(z: FloatVector, wanted: FloatVector, axes: FloatVector, pictures: int, plan: Plan) -> FloatVector:
    """Return the coefficients, a column a target; the rows are `pictures`, then people of the survey."""
    is_survey = np.repeat([0.0, 1.0], [pictures, len(z) - pictures])
    design = np.column_stack([np.ones(len(z)), is_survey, z, products_of_two(z @ axes.T)])
    weight = np.where(is_survey > 0, plan.survey_share * pictures / is_survey.sum(), 1.0)
    bends = design.shape[1] - 2 - z.shape[1]
    penalty = np.repeat([0.0, plan.penalty, plan.bend_penalty], [2, z.shape[1], bends])
    return solve_ridge(design, wanted, weight, penalty)


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
