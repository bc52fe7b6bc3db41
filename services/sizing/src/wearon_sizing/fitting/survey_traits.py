import numpy as np
from numpy.typing import NDArray

from wearon_sizing.fitting.bodies import Bodies
from wearon_sizing.fitting.survey import Survey
from wearon_sizing.measurement.variant import Trait

FloatVector = NDArray[np.float64]

_BREADTHS = ("waist_breadth_cm", "hip_breadth_cm", "shoulder_cm", "inseam_cm")
_CLOSE_FITTING = ("tight", "sport")


def expected_traits(
    bodies: Bodies, survey: Survey, training: NDArray[np.intp], traits: list[Trait], z: FloatVector
) -> FloatVector:
    """Return the traits, standardised, that a picture of each person of the survey would show on average.

    The survey has no pictures, but breadths: the bodies in close-fitting clothes tell what a picture shows of
    them.
    """
    fitting = np.isin(bodies.clothes[training], _CLOSE_FITTING)
    known, _, _, _ = np.linalg.lstsq(_shares(bodies.truth)[training][fitting], z[fitting], rcond=None)
    people = _shares(survey.truth) @ known
    for column, trait in enumerate(traits):
        if trait.name == "ponderal":
            value = np.log(survey.ponderal).clip(trait.low, trait.high)
            people[:, column] = (value - trait.usual) / trait.scale
    return np.asarray(people)


def _shares(truth: dict[str, FloatVector]) -> FloatVector:
    columns = [np.log(truth[name] / truth["height_cm"]) for name in _BREADTHS]
    return np.column_stack([np.ones(len(columns[0])), *columns])
