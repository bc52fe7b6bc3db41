from collections.abc import Sequence
from enum import StrEnum
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from wearon_sizing.measurement.inputs import SHADE

FloatVector = NDArray[np.float64]


class Target(StrEnum):
    """What is estimated, by its name in answers and data files."""

    CHEST = "chest_cm"
    WAIST = "waist_cm"
    HIP = "hip_cm"
    SHOULDER = "shoulder_cm"
    INSEAM = "inseam_cm"


class Sex(StrEnum):
    """What the optional field `sex` takes."""

    FEMALE = "female"
    MALE = "male"


class Data(BaseModel):
    """Fitted numbers, read from a file."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Trait(Data):
    """One input: its range in the fitting data, beyond which it is not followed, and its usual value."""

    name: str
    is_logarithm: bool
    low: float
    high: float
    usual: float
    scale: float = Field(gt=0)


class Equation(Data):
    """log(target / stature) = intercept + slopes · z + bends · (products of two axes)."""

    intercept: float
    slopes: tuple[float, ...]
    bends: tuple[float, ...]
    residual_sd: float = Field(gt=0, description="Of the logarithm, out of fold")
    sex_offset: dict[Sex, float] = Field(description="Added to the logarithm when the sex is known")
    survey_offset: float = Field(
        description="What people of the survey have more, in the logarithm; not added"
    )


class Spread(Data):
    """log(sd factor) = intercept + unusual · |axes|² + touching · (1 - free arms) + loose · sleeve step."""

    intercept: float
    unusual: float
    touching: float
    loose: float


class Variant(Data):
    """The equations for one set of inputs. `axes` are the main directions in which bodies differ."""

    traits: tuple[Trait, ...]
    axes: tuple[tuple[float, ...], ...]
    equations: dict[Target, Equation]
    chest_spread: Spread

    @cached_property
    def names(self) -> list[str]:
        """The traits' names, in the order of `standardised`."""
        return [trait.name for trait in self.traits]

    def standardised(self, values: dict[str, float]) -> FloatVector:
        """Return z, see `standardise`, from the traits by name."""
        raw = np.array([values[name] for name in self.names])
        with np.errstate(divide="ignore", invalid="ignore"):
            seen = np.where(self._logarithms, np.log(raw), raw)
        return standardise(self._ranges, seen)

    def along_axes(self, z: FloatVector) -> FloatVector:
        """Return where a body lies on the axes."""
        return self._axes @ z

    def log_shares(self, z: FloatVector, sex: Sex | None = None) -> FloatVector:
        """Return log(target / stature) in the order of `Target`."""
        intercepts, slopes, bends = self._coefficients
        shares = intercepts + slopes @ z + bends @ products_of_two(self.along_axes(z))
        if sex is not None:
            shares += [self.equations[target].sex_offset[sex] for target in Target]
        return np.asarray(shares)

    def oddity(self, z: FloatVector) -> float:
        """Return the mean square of a body's standardised shading: 1 on average."""
        return float((z[self._shading] ** 2).mean())

    @cached_property
    def _shading(self) -> NDArray[np.intp]:
        return np.flatnonzero([name.startswith(SHADE) for name in self.names])

    @cached_property
    def _axes(self) -> FloatVector:
        return np.array(self.axes)

    @cached_property
    def _coefficients(self) -> tuple[FloatVector, FloatVector, FloatVector]:
        equations = [self.equations[target] for target in Target]
        intercepts, slopes, bends = (
            np.array([getattr(equation, part) for equation in equations])
            for part in ("intercept", "slopes", "bends")
        )
        return intercepts, slopes, bends

    @cached_property
    def _logarithms(self) -> NDArray[np.bool_]:
        return np.array([trait.is_logarithm for trait in self.traits])

    @cached_property
    def _ranges(self) -> FloatVector:
        return ranges_of(self.traits)


def ranges_of(traits: Sequence[Trait]) -> FloatVector:
    """Return (4, traits): the lowest, the highest and the usual values, and the scales."""
    return np.array([(trait.low, trait.high, trait.usual, trait.scale) for trait in traits]).T


def standardise(ranges: FloatVector, seen: FloatVector) -> FloatVector:
    """Return z (…, traits): each trait in its range, less its usual value, over its scale; NaN is usual."""
    low, high, usual, scale = ranges
    return np.asarray((np.where(np.isnan(seen), usual, seen.clip(low, high)) - usual) / scale)


def products_of_two(places: FloatVector) -> FloatVector:
    """Return the products of every two columns, squares included, along the last dimension."""
    rows, columns = _pairs_of(places.shape[-1])
    return np.asarray(places[..., rows] * places[..., columns])


@cache
def _pairs_of(count: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    return np.triu_indices(count)
