from http import HTTPStatus
from typing import Any, Literal

from pydantic import BaseModel

from wearon_common.images import ImageReason
from wearon_sizing.measurement import Refusal


class Failed(BaseModel):
    """`detail` is a sentence, `reason` a word for machines."""

    detail: str
    reason: str


class ImageRefused(Failed):
    """Why there is no picture; `bad_request` when the request's own text cannot be read."""

    reason: ImageReason | Literal["bad_request"]


class BodyRefused(Failed):
    """Why the picture cannot be measured; `advice` is a sentence for the person in it."""

    reason: Refusal | Literal["detection_failed"]
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
        "model": ImageRefused,
        "description": "The picture cannot be had or read, or the request cannot",
    },
    HTTPStatus.REQUEST_TIMEOUT.value: {
        "model": Failed,
        "description": "The request did not come within 30 s",
    },
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE.value: {
        "model": Failed,
        "description": "The request is too large",
    },
    HTTPStatus.UNPROCESSABLE_ENTITY.value: {
        "model": BodyRefused | InvalidRequest,
        "description": "The picture shows no body that can be measured, or a field breaks the rules",
    },
    HTTPStatus.TOO_MANY_REQUESTS.value: {
        "model": Failed,
        "description": "The proxy in front lets no more requests in from this address",
    },
    HTTPStatus.INTERNAL_SERVER_ERROR.value: {
        "model": Failed,
        "description": "Our fault",
    },
    HTTPStatus.SERVICE_UNAVAILABLE.value: {
        "model": Failed,
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
