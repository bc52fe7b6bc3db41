"""What OpenAI answers when it made an image."""

import base64
import binascii
from typing import Annotated

import structlog
from pydantic import BaseModel, Field, ValidationError

from wearon_generator.failures import ProviderAnswerUseless
from wearon_generator.provider import GeneratedImage, Usage

_MOST_TOKENS = 2**30 - 1  # the session row adds two of them up in 32 bits

_NOTHING = Usage(0, 0, 0)

_Tokens = Annotated[int, Field(ge=0, le=_MOST_TOKENS)]

log = structlog.get_logger()


class _InputDetails(BaseModel):
    text_tokens: _Tokens = 0
    image_tokens: _Tokens = 0


class _Usage(BaseModel):
    input_tokens: _Tokens = 0
    input_tokens_details: _InputDetails | None = None
    output_tokens: _Tokens = 0


class _Image(BaseModel):
    b64_json: str


class _Answer(BaseModel):
    data: list[_Image] = Field(min_length=1)
    usage: object = None


def read_image(body: bytes, provider_request_id: str | None) -> GeneratedImage:
    """Take the image out of a 200.

    Raises `ProviderAnswerUseless` when there is none: the call was probably billed. Tokens that cannot be
    read cost nobody the image: they count as none, with a warning.
    """
    try:
        answer = _Answer.model_validate_json(body)
        data = base64.b64decode(answer.data[0].b64_json, validate=True)
    except (ValidationError, binascii.Error, ValueError):
        raise ProviderAnswerUseless("the answer holds no image") from None
    return GeneratedImage(data, _usage(answer.usage, provider_request_id), provider_request_id)


def _usage(value: object, provider_request_id: str | None) -> Usage:
    try:
        usage = _Usage.model_validate(value)
    except ValidationError as error:
        places = sorted({".".join(map(str, detail["loc"])) for detail in error.errors()})
        log.warning("provider_usage_unreadable", places=places, provider_request_id=provider_request_id)
        return _NOTHING
    details = usage.input_tokens_details or _InputDetails(image_tokens=usage.input_tokens)
    return Usage(details.text_tokens, details.image_tokens, usage.output_tokens)
