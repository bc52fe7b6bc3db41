from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wearon_sizing.fitting.bodies import Bodies
from wearon_sizing.fitting.groups import groups_of
from wearon_sizing.measurement.variant import Target
from wearon_sizing.sizes import SizeChart

FloatVector = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class GroupAccuracy:
    """Of one group: mean absolute error and mean error in cm by target, and shares of right sizes, 0..1."""

    group: str
    people: int
    error_cm: dict[Target, float]
    bias_cm: dict[Target, float]
    right_size: float
    within_one_size: float


def accuracy_by_group(bodies: Bodies, unseen: FloatVector, chart: SizeChart) -> list[GroupAccuracy]:
    """Hold predictions, log(target / stature), against the truth, group by group."""
    cm = np.exp(unseen) * bodies.height_cm[:, None]
    truth_cm = np.stack([bodies.truth[target] for target in Target], axis=1)
    steps = np.abs(sizes_of(cm[:, 0], chart) - sizes_of(truth_cm[:, 0], chart))
    errors_cm = cm - truth_cm
    return [
        GroupAccuracy(
            group=group,
            people=int(members.sum()),
            error_cm=_by_target(np.abs(errors_cm[members]).mean(axis=0)),
            bias_cm=_by_target(errors_cm[members].mean(axis=0)),
            right_size=float((steps[members] == 0).mean()),
            within_one_size=float((steps[members] <= 1).mean()),
        )
        for group, members in groups_of(bodies).items()
    ]


def sizes_of(chest_cm: FloatVector, chart: SizeChart) -> NDArray[np.intp]:
    """Return the place of each chest's size in the chart."""
    return np.digitize(chest_cm, chart.limits_cm, right=True)


def _by_target(values: FloatVector) -> dict[Target, float]:
    return dict(zip(Target, values.tolist(), strict=True))
