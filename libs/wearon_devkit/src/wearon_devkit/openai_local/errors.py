"""The error answers of OpenAI's API, in its own JSON shape."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse


@dataclass(eq=False)
class ApiError(Exception):
    """An answer `{"error": {"message", "type", "param", "code"}}` with its HTTP status and headers."""

    status: int
    code: str | None
    message: str
    type: str = "invalid_request_error"
    param: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def response(self) -> JSONResponse:
        """Return the answer that the caller gets."""
        error = {"message": self.message, "type": self.type, "param": self.param, "code": self.code}
        return JSONResponse({"error": error}, self.status, dict(self.headers))


def bad_parameter(param: str, code: str, message: str) -> ApiError:
    """Return the 400 of a parameter that is missing, malformed or out of range."""
    return ApiError(HTTPStatus.BAD_REQUEST, code, message, param=param)


def invalid_api_key() -> ApiError:
    """Return the 401 of a key that does not fit; OpenAI's text quotes the key, ours does not."""
    message = "Incorrect API key provided. You can find your API key at https://platform.openai.com/account/api-keys."
    return ApiError(HTTPStatus.UNAUTHORIZED, "invalid_api_key", message)


def model_not_found(model: str) -> ApiError:
    """Return the 404 of a model that is unknown, or has been shut down."""
    message = f"The model '{model}' does not exist or you do not have access to it."
    return ApiError(HTTPStatus.NOT_FOUND, "model_not_found", message)


async def answer_api_error(_request: Request, error: Exception) -> JSONResponse:
    """Turn a raised `ApiError` into its answer."""
    if not isinstance(error, ApiError):
        raise error
    return error.response()


async def answer_http_exception(request: Request, error: Exception) -> JSONResponse:
    """Turn Starlette's own refusals (unknown path, wrong method, broken multipart) into OpenAI's shape."""
    if not isinstance(error, HTTPException):
        raise error
    code = "unknown_url" if error.status_code == HTTPStatus.NOT_FOUND else None
    message = f"{error.detail} ({request.method} {request.url.path})"
    return ApiError(error.status_code, code, message, headers=error.headers or {}).response()
