from http import HTTPStatus
from typing import Any

from pydantic import BaseModel


class Explained(BaseModel):
    """A sentence, and nothing for machines beyond the status."""

    detail: str


class Refused(Explained):
    """`reason` is for machines: one of a small set of words."""

    reason: str


class BodyRefused(Refused):
    """`advice` is a sentence for the person in the picture."""

    advice: str


class Problem(BaseModel):
    """What is wrong with one part of a request; `loc` leads to it, the input is not repeated."""

    type: str
    loc: list[str | int]
    msg: str


class InvalidRequest(BaseModel):
    """What is wrong with a request."""

    detail: list[Problem]


FAILURE_ANSWERS: dict[int | str, dict[str, Any]] = {
    HTTPStatus.BAD_REQUEST.value: {
        "model": Refused | Explained,
        "description": "The picture cannot be had or read; without a reason, the request's own text cannot",
    },
    HTTPStatus.REQUEST_TIMEOUT.value: {
        "model": Explained,
        "description": "The request did not come within 30 s",
    },
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE.value: {
        "model": Explained,
        "description": "The request is too large",
    },
    HTTPStatus.UNPROCESSABLE_ENTITY.value: {
        "model": BodyRefused | InvalidRequest,
        "description": "The picture shows no body that can be measured, or a field breaks the rules",
    },
    HTTPStatus.SERVICE_UNAVAILABLE.value: {
        "model": Refused,
        "description": "There is too much to do, or the pose model is missing",
        "headers": {
            "Retry-After": {
                "description": "Seconds to wait when there is too much to do",
                "schema": {"type": "integer"},
            }
        },
    },
}
"""How the answers of estimates other than 200 are described in the OpenAPI document."""
