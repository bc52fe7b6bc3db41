"""What OpenAI answers when it made an image."""

import base64
import binascii

from pydantic import BaseModel, Field, ValidationError

from wearon_generator.failures import ProviderAnswerUseless
from wearon_generator.provider import GeneratedImage, Usage


class _InputDetails(BaseModel):
    text_tokens: int = 0
    image_tokens: int = 0


class _Usage(BaseModel):
    input_tokens: int = 0
    input_tokens_details: _InputDetails | None = None
    output_tokens: int = 0


class _Image(BaseModel):
    b64_json: str


class _Answer(BaseModel):
    data: list[_Image] = Field(min_length=1)
    usage: _Usage = _Usage()


def read_image(body: bytes, provider_request_id: str | None) -> GeneratedImage:
    """Take the image out of a 200.

    Raises `ProviderAnswerUseless` when there is none: the call was probably billed.
    """
    try:
        answer = _Answer.model_validate_json(body)
        data = base64.b64decode(answer.data[0].b64_json, validate=True)
    except (ValidationError, binascii.Error, ValueError):
        raise ProviderAnswerUseless("the answer holds no image") from None
    return GeneratedImage(data, _usage(answer.usage), provider_request_id)


def _usage(usage: _Usage) -> Usage:
    details = usage.input_tokens_details or _InputDetails(image_tokens=usage.input_tokens)
    return Usage(details.text_tokens, details.image_tokens, usage.output_tokens)
