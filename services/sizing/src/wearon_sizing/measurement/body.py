from dataclasses import dataclass

from wearon_sizing.measurement.coefficients import Coefficients
from wearon_sizing.measurement.full_body import body_visibility
from wearon_sizing.measurement.girths import estimate_girths
from wearon_sizing.measurement.outline import measure_outline
from wearon_sizing.pose import Pose


@dataclass(frozen=True, slots=True)
class Body:
    """A body's measurements in cm, and how well its joints were seen (0..1)."""

    chest_cm: float
    waist_cm: float
    hip_cm: float
    shoulder_cm: float
    hip_breadth_cm: float
    visibility: float


def measure_body(pose: Pose, height_cm: float, coefficients: Coefficients) -> Body:
    """Measure the person, whose stature `height_cm` gives the picture its scale.

    Raises:
        NoFullBody: the picture does not show a whole, upright body.
    """
    outline = measure_outline(pose, height_cm)
    girths = estimate_girths(outline, coefficients)
    return Body(
        chest_cm=girths.chest_cm,
        waist_cm=girths.waist_cm,
        hip_cm=girths.hip_cm,
        shoulder_cm=outline.shoulder_joint_distance_cm * coefficients.shoulder.breadth_per_joint_distance,
        hip_breadth_cm=outline.hip_breadth_cm,
        visibility=body_visibility(pose),
    )
