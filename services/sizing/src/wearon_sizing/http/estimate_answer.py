from pydantic import BaseModel, Field

from wearon_sizing.estimator import Estimate
from wearon_sizing.sizes import BodyType


class Measurements(BaseModel):
    """In cm, to one decimal. Clients turn any key that they do not know, and any null, into a failure."""

    chest_cm: float
    waist_cm: float
    hip_cm: float
    shoulder_cm: float
    inseam_cm: float
    height_cm: float


class SizeRangeAnswer(BaseModel):
    """The sizes to try; both ends are the same when one size is clear."""

    lower: str
    upper: str


class EstimateAnswer(BaseModel):
    """The recommended size, the probability (0..1) that it is right, and what it rests on."""

    recommended_size: str
    measurements: Measurements
    confidence: float = Field(ge=0, le=1)
    body_type: BodyType
    size_range: SizeRangeAnswer


def answer_of(estimate: Estimate) -> EstimateAnswer:
    """Put an estimate in the form that clients accept."""
    body, advice = estimate.body, estimate.advice
    return EstimateAnswer(
        recommended_size=advice.size,
        measurements=Measurements(
            **{name: round(getattr(body, name), 1) for name in Measurements.model_fields}
        ),
        confidence=advice.confidence,
        body_type=estimate.body_type,
        size_range=SizeRangeAnswer(lower=advice.size_range.lower, upper=advice.size_range.upper),
    )
