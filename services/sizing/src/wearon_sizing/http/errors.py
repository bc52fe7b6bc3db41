from http import HTTPStatus

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

from wearon_common.images import ImageError
from wearon_sizing.http.resources import ModelNotLoaded
from wearon_sizing.measurement import NoFullBody

log = structlog.get_logger()


def handle_errors(app: FastAPI) -> None:
    """Give every expected failure its status; `detail` is the text clients know, `reason` is for machines."""
    app.exception_handler(ImageError)(_image_error)
    app.exception_handler(NoFullBody)(_no_full_body)
    app.exception_handler(ModelNotLoaded)(_model_not_loaded)
    app.exception_handler(RequestValidationError)(_invalid_request)


def _image_error(_request: Request, error: ImageError) -> JSONResponse:
    log.info("image_refused", reason=error.reason)
    return _answer(HTTPStatus.BAD_REQUEST, "Invalid or inaccessible image URL", error.reason)


def _no_full_body(_request: Request, refusal: NoFullBody) -> JSONResponse:
    log.info("body_refused", reason=refusal.reason)
    return _answer(
        HTTPStatus.UNPROCESSABLE_ENTITY, "Could not detect full body pose from image", refusal.reason.value
    )


def _model_not_loaded(_request: Request, _error: ModelNotLoaded) -> JSONResponse:
    return _answer(HTTPStatus.SERVICE_UNAVAILABLE, "Pose model is not loaded", "model_not_loaded")


def _invalid_request(_request: Request, error: RequestValidationError) -> JSONResponse:
    # FastAPI's own form, less what repeats the input: an image URL can carry a token.
    problems = [{key: problem[key] for key in ("type", "loc", "msg")} for problem in error.errors()]
    return JSONResponse({"detail": problems}, HTTPStatus.UNPROCESSABLE_ENTITY)


def _answer(status: HTTPStatus, detail: str, reason: str) -> JSONResponse:
    return JSONResponse({"detail": detail, "reason": reason}, status)
