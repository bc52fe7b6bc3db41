from http import HTTPStatus

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

from wearon_common.images import ImageError
from wearon_sizing.estimator import Overloaded
from wearon_sizing.http.estimate_request import UnknownChart
from wearon_sizing.http.resources import ModelNotLoaded
from wearon_sizing.landmarkers import PoseDetectionFailed
from wearon_sizing.measurement import NoFullBody

log = structlog.get_logger()

_RETRY_AFTER_S = 1


def handle_errors(app: FastAPI) -> None:
    """Give every expected failure its status; `detail` is the text clients know, `reason` is for machines."""
    app.exception_handler(ImageError)(_image_error)
    app.exception_handler(NoFullBody)(_no_full_body)
    app.exception_handler(PoseDetectionFailed)(_detection_failed)
    app.exception_handler(Overloaded)(_overloaded)
    app.exception_handler(ModelNotLoaded)(_model_not_loaded)
    app.exception_handler(UnknownChart)(_unknown_chart)
    app.exception_handler(RequestValidationError)(_invalid_request)


def _image_error(_request: Request, error: ImageError) -> JSONResponse:
    log.info("image_refused", reason=error.reason)
    return _answer(HTTPStatus.BAD_REQUEST, "Invalid or inaccessible image URL", error.reason)


def _no_full_body(_request: Request, refusal: NoFullBody) -> JSONResponse:
    log.info("body_refused", reason=refusal.reason)
    return _body_refused(refusal.reason.value, refusal.reason.advice)


def _detection_failed(_request: Request, error: PoseDetectionFailed) -> JSONResponse:
    log.warning("pose_detection_failed", error=str(error))
    return _body_refused("detection_failed", "We could not work with this photo. Try another one.")


def _body_refused(reason: str, advice: str) -> JSONResponse:
    content = {"detail": "Could not detect full body pose from image", "reason": reason, "advice": advice}
    return JSONResponse(content, HTTPStatus.UNPROCESSABLE_ENTITY)


def _overloaded(_request: Request, _error: Overloaded) -> JSONResponse:
    return overloaded_answer()


def overloaded_answer() -> JSONResponse:
    """Say that there is too much to do, and when to come back."""
    content = {"detail": "Too many requests at the moment", "reason": "overloaded"}
    return JSONResponse(content, HTTPStatus.SERVICE_UNAVAILABLE, headers={"Retry-After": str(_RETRY_AFTER_S)})


def _unknown_chart(_request: Request, _error: UnknownChart) -> JSONResponse:
    problem = {
        "type": "unknown_chart",
        "loc": ["body", "size_chart"],
        "msg": "There is no chart of this name",
    }
    return JSONResponse({"detail": [problem]}, HTTPStatus.UNPROCESSABLE_ENTITY)


def _model_not_loaded(_request: Request, _error: ModelNotLoaded) -> JSONResponse:
    return _answer(HTTPStatus.SERVICE_UNAVAILABLE, "Pose model is not loaded", "model_not_loaded")


def _invalid_request(_request: Request, error: RequestValidationError) -> JSONResponse:
    # FastAPI's own form, less what repeats the input: an image URL can carry a token.
    problems = [{key: problem[key] for key in ("type", "loc", "msg")} for problem in error.errors()]
    return JSONResponse({"detail": problems}, HTTPStatus.UNPROCESSABLE_ENTITY)


def _answer(status: HTTPStatus, detail: str, reason: str) -> JSONResponse:
    return JSONResponse({"detail": detail, "reason": reason}, status)
