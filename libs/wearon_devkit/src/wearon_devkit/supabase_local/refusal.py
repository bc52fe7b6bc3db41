"""Saying no, plainly, to whatever the stand-in does not speak."""

from collections.abc import Collection, Iterable

from starlette.requests import Request
from starlette.responses import JSONResponse

_HEADERS_OF_EVERY_CLIENT = frozenset(
    {
        "accept",
        "accept-encoding",
        "apikey",
        "authorization",
        "connection",
        "content-length",
        "content-type",
        "host",
        "transfer-encoding",
        "user-agent",
        "x-client-info",
        "x-retry-count",
    }
)


class NotSpokenError(Exception):
    """The request uses something that the stand-in does not speak; it is answered as HTTP 501."""


def not_spoken_answer(error: NotSpokenError) -> JSONResponse:
    """Answer in a body that both the REST and the storage part of supabase-py can parse."""
    message = f"the local Supabase stand-in does not speak this: {error}"
    body = {"code": "NOT_SPOKEN", "details": None, "hint": None, "message": message}
    return JSONResponse({**body, "statusCode": "501", "error": "not_spoken"}, 501)


def refuse_unknown_headers(request: Request, spoken: Iterable[str] = ()) -> None:
    """Raise NotSpokenError for a header beyond those that every client sends and the `spoken` ones."""
    _refuse_unknown("header", request.headers.keys(), _HEADERS_OF_EVERY_CLIENT.union(spoken))


def refuse_unknown_parameters(request: Request, spoken: Collection[str] = ()) -> None:
    """Raise NotSpokenError for a query parameter that is not `spoken`, or comes twice."""
    names = [name for name, _ in request.query_params.multi_items()]
    _refuse_unknown("query parameter", names, spoken)
    if len(names) != len(set(names)):
        raise NotSpokenError("a query parameter that comes twice")


def refuse_unknown_keys(body: dict[str, object], spoken: Collection[str]) -> None:
    """Raise NotSpokenError for a key of a JSON body that is not `spoken`."""
    _refuse_unknown("JSON key", body, spoken)


def _refuse_unknown(kind: str, names: Iterable[str], spoken: Collection[str]) -> None:
    for name in names:
        if name not in spoken:
            raise NotSpokenError(f"{kind} {name!r}")
