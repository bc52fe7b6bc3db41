from collections.abc import Mapping
from http import HTTPStatus

from starlette.responses import JSONResponse


def error_answer(
    status: HTTPStatus, detail: str, reason: str, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """Make an answer that says what is wrong: `detail` is the text clients know, `reason` is for machines."""
    return JSONResponse({"detail": detail, "reason": reason}, status, headers)
