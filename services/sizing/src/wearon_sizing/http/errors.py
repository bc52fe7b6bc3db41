from collections.abc import Mapping
from functools import partial
from http import HTTPStatus

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from wearon_common.images import ImageError
from wearon_sizing.estimator import Overloaded
from wearon_sizing.http.error_answer import error_answer
from wearon_sizing.http.estimate_request import UnknownChart
from wearon_sizing.http.metrics import DETECTION_FAILED, SizingMetrics
from wearon_sizing.http.paths import UPLOAD_PATH
from wearon_sizing.http.patience import NoRoom
from wearon_sizing.http.resources import ModelNotLoaded
from wearon_sizing.landmarker import PoseDetectionFailed
from wearon_sizing.measurement import NoFullBody

log = structlog.get_logger()

_RETRY_AFTER_S = 1
_CLEARER = {"model_attributes_type": "The body must be a JSON object, sent as application/json"}
"""What a message of Pydantic's is told as, by its type."""


def handle_errors(app: FastAPI, metrics: SizingMetrics) -> None:
    """Give every expected failure its status; `detail` is the text clients know, `reason` is for machines."""
    app.exception_handler(ImageError)(partial(_image_error, metrics))
    app.exception_handler(NoFullBody)(partial(_no_full_body, metrics))
    app.exception_handler(PoseDetectionFailed)(partial(_detection_failed, metrics))
    app.exception_handler(Overloaded)(partial(_overloaded, metrics))
    app.exception_handler(ModelNotLoaded)(_model_not_loaded)
    app.exception_handler(UnknownChart)(partial(_unknown_chart, metrics))
    app.exception_handler(HTTPException)(_http_error)
    app.exception_handler(RequestValidationError)(partial(_invalid_request, metrics))


def _image_error(metrics: SizingMetrics, request: Request, error: ImageError) -> JSONResponse:
    log.info("image_refused", reason=error.reason)
    metrics.refused("image", error.reason)
    uploaded = request.url.path == UPLOAD_PATH
    detail = "Invalid image" if uploaded else "Invalid or inaccessible image URL"
    return error_answer(HTTPStatus.BAD_REQUEST, detail, error.reason)


def _no_full_body(metrics: SizingMetrics, _request: Request, refusal: NoFullBody) -> JSONResponse:
    log.info("body_refused", reason=refusal.reason)
    metrics.refused("body", refusal.reason)
    return _body_refused(refusal.reason.value, refusal.reason.advice)


def _detection_failed(metrics: SizingMetrics, _request: Request, error: PoseDetectionFailed) -> JSONResponse:
    log.warning("pose_detection_failed", error=str(error))
    metrics.refused("body", DETECTION_FAILED)
    return _body_refused(DETECTION_FAILED, "We could not work with this photo. Try another one.")


def _body_refused(reason: str, advice: str) -> JSONResponse:
    content = {"detail": "Could not detect full body pose from image", "reason": reason, "advice": advice}
    return JSONResponse(content, HTTPStatus.UNPROCESSABLE_ENTITY)


def _overloaded(metrics: SizingMetrics, _request: Request, error: Overloaded) -> JSONResponse:
    metrics.shed("room" if isinstance(error, NoRoom) else "estimator")
    return overloaded_answer()


def overloaded_answer() -> JSONResponse:
    """Say that there is too much to do, and when to come back."""
    retry_after = {"Retry-After": str(_RETRY_AFTER_S)}
    busy = HTTPStatus.SERVICE_UNAVAILABLE
    return error_answer(busy, "Too many requests at the moment", "overloaded", retry_after)


def _unknown_chart(metrics: SizingMetrics, _request: Request, _error: UnknownChart) -> JSONResponse:
    metrics.refused("request", "unknown_chart")
    problem = {
        "type": "unknown_chart",
        "loc": ["body", "size_chart"],
        "msg": "There is no chart of this name",
    }
    return JSONResponse({"detail": [problem]}, HTTPStatus.UNPROCESSABLE_ENTITY)


def _model_not_loaded(_request: Request, _error: ModelNotLoaded) -> JSONResponse:
    return error_answer(HTTPStatus.SERVICE_UNAVAILABLE, "Pose model is not loaded", "model_not_loaded")


def _invalid_request(
    metrics: SizingMetrics, _request: Request, error: RequestValidationError
) -> JSONResponse:
    metrics.refused("request", "invalid")
    # FastAPI's own form, less what repeats the input: an image URL can carry a token.
    problems = [
        {"type": problem["type"], "loc": problem["loc"], "msg": _message_of(problem)}
        for problem in error.errors()
    ]
    return JSONResponse({"detail": problems}, HTTPStatus.UNPROCESSABLE_ENTITY)


def _message_of(problem: Mapping[str, str]) -> str:
    return _CLEARER.get(problem["type"], problem["msg"].removeprefix("Value error, "))


def _http_error(_request: Request, error: HTTPException) -> JSONResponse:
    """Answer what has no route, such as an unknown path."""
    status = HTTPStatus(error.status_code)
    return error_answer(status, error.detail, status.name.lower(), error.headers)
