from dataclasses import dataclass

from wearon_sizing.measurement.coefficients import Coefficients
from wearon_sizing.measurement.ellipse import ellipse_girth_cm
from wearon_sizing.measurement.outline import Outline


@dataclass(frozen=True, slots=True)
class Girths:
    """Girths of the torso in cm."""

    chest_cm: float
    waist_cm: float
    hip_cm: float


def estimate_girths(outline: Outline, fit: Coefficients) -> Girths:
    """Give each visible breadth the depth that `GirthCoefficients` describes, and go around the ellipse."""
    chest_depth_cm = outline.waist_breadth_cm * fit.chest.depth_per_breadth
    waist_depth_cm = outline.waist_breadth_cm * fit.waist.depth_per_breadth
    hip_depth_cm = outline.hip_breadth_cm * fit.hip.depth_per_breadth
    return Girths(
        chest_cm=ellipse_girth_cm(outline.chest_breadth_cm, chest_depth_cm),
        waist_cm=ellipse_girth_cm(outline.waist_breadth_cm, waist_depth_cm),
        hip_cm=ellipse_girth_cm(outline.hip_breadth_cm, hip_depth_cm),
    )
