from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from wearon_sizing.estimator import Estimate, Estimator
from wearon_sizing.http.resources import estimator_of

router = APIRouter()


class EstimateRequest(BaseModel):
    """A picture of one person from head to feet, and the stature. Unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", strict=True)

    image_url: str = Field(min_length=1, max_length=4096)
    height_cm: float = Field(ge=100, le=250, allow_inf_nan=False)


class Measurements(BaseModel):
    """In cm, to one decimal. Clients turn any key that they do not know, and any null, into a failure."""

    chest_cm: float
    waist_cm: float
    hip_cm: float
    shoulder_cm: float


class SizeRangeAnswer(BaseModel):
    """The sizes to try; both ends are the same when one size is clear."""

    lower: str
    upper: str


class EstimateAnswer(BaseModel):
    """The recommended size, the probability (0..1) that it is right, and what it rests on."""

    recommended_size: str
    measurements: Measurements
    confidence: float
    body_type: str | None
    size_range: SizeRangeAnswer


@router.post("/estimate-body")
async def estimate_body(
    request: EstimateRequest, estimator: Annotated[Estimator, Depends(estimator_of)]
) -> EstimateAnswer:
    """Estimate body measurements and a size from a full-body picture and a height."""
    return _to_answer(await estimator.estimate(request.image_url, request.height_cm))


def _to_answer(estimate: Estimate) -> EstimateAnswer:
    body, advice = estimate.body, estimate.advice
    return EstimateAnswer(
        recommended_size=advice.size,
        measurements=Measurements(
            chest_cm=round(body.chest_cm, 1),
            waist_cm=round(body.waist_cm, 1),
            hip_cm=round(body.hip_cm, 1),
            shoulder_cm=round(body.shoulder_cm, 1),
        ),
        confidence=advice.confidence,
        body_type=estimate.body_type.value,
        size_range=SizeRangeAnswer(lower=advice.size_range.lower, upper=advice.size_range.upper),
    )
