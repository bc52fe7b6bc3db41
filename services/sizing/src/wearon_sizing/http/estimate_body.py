from contextlib import nullcontext
from typing import Annotated

from fastapi import APIRouter, Depends, Request

from wearon_sizing.http.estimate_answer import EstimateAnswer, answer_of
from wearon_sizing.http.estimate_request import EstimateRequest
from wearon_sizing.http.failure_answers import FAILURE_ANSWERS
from wearon_sizing.http.paths import ESTIMATE_PATH, UPLOAD_PATH
from wearon_sizing.http.resources import Loaded, loaded_of
from wearon_sizing.http.upload_form import UPLOAD_BODY, read_upload_form

router = APIRouter()


@router.post(ESTIMATE_PATH, responses=FAILURE_ANSWERS)
async def estimate_body(
    request: EstimateRequest, loaded: Annotated[Loaded, Depends(loaded_of)]
) -> EstimateAnswer:
    """Estimate body measurements and a size from a full-body picture at a URL and a height."""
    chart = request.chart_from(loaded.charts)
    picture = loaded.fetcher.fetched(request.image_url)
    return answer_of(await loaded.estimator.estimate(picture, request.person, chart))


@router.post(UPLOAD_PATH, openapi_extra=UPLOAD_BODY, responses=FAILURE_ANSWERS)
async def estimate_uploaded_body(
    request: Request, loaded: Annotated[Loaded, Depends(loaded_of)]
) -> EstimateAnswer:
    """Estimate body measurements and a size from an uploaded full-body picture and a height."""
    picture, fields = await read_upload_form(request)
    chart = fields.chart_from(loaded.charts)
    return answer_of(await loaded.estimator.estimate(nullcontext(picture), fields.person, chart))
