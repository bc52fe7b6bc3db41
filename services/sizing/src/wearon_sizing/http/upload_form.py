import json
import re
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from wearon_common.images import MAX_IMAGE_BYTES, ImageReason, ImageRejected
from wearon_sizing.http.body_limit import MAX_UPLOAD_BYTES
from wearon_sizing.http.estimate_request import PersonFields

_FORM_TYPE = "multipart/form-data"
_IMAGE = "image"
_NUMBERS = ("height_cm", "weight_kg")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_MOST_FIELDS = 8

UPLOAD_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            _FORM_TYPE: {
                "schema": {
                    "type": "object",
                    "required": [_IMAGE, "height_cm"],
                    "additionalProperties": False,
                    "properties": {
                        _IMAGE: {
                            "type": "string",
                            "format": "binary",
                            "description": "JPEG, PNG or WebP, 10 MB",
                        },
                        "height_cm": {"type": "number", "minimum": 100, "maximum": 250},
                        "weight_kg": {"type": "number", "minimum": 25, "maximum": 300},
                        "sex": {"type": "string", "enum": ["female", "male"]},
                        "size_chart": {
                            "type": "string",
                            "description": "A chart's name, or its bands as JSON",
                        },
                    },
                }
            }
        },
    }
}
"""How the form is described in the OpenAPI document."""


async def read_upload_form(request: Request) -> tuple[bytes, PersonFields]:
    """Return the picture's bytes and the fields of a multipart form, under the rules of the JSON request.

    Raises:
        RequestValidationError: a field is missing, unknown, given twice or out of range.
        ImageRejected: the picture has too many bytes.
    """
    form = await _parse(request)
    try:
        picture = await _read_image(form)
        return picture, _read_fields(form)
    finally:
        await form.close()


async def _parse(request: Request) -> FormData:
    if not request.headers.get("Content-Type", "").lower().startswith(_FORM_TYPE):
        raise _invalid("form_invalid", (), f"The body must be {_FORM_TYPE}")
    parser = _InMemoryParser(request.headers, request.stream(), max_files=1, max_fields=_MOST_FIELDS)
    try:
        return await parser.parse()
    except MultiPartException as error:
        raise _invalid("form_invalid", (), error.message) from None
    except UnicodeError:  # some of the codecs that a charset may name raise it for any text
        raise _invalid("form_invalid", (), "The charset does not fit the form") from None


class _InMemoryParser(MultiPartParser):
    """Leaves no part of a picture on disk, where Starlette's own limit would put what exceeds 1 MB."""

    spool_max_size = MAX_UPLOAD_BYTES


async def _read_image(form: FormData) -> bytes:
    if len(form.getlist(_IMAGE)) > 1:
        raise _given_twice()
    image = form.get(_IMAGE)
    if not isinstance(image, UploadFile):
        raise _invalid("missing", (_IMAGE,), "Field required: a file")
    picture = await image.read()
    if len(picture) > MAX_IMAGE_BYTES:
        raise ImageRejected(ImageReason.TOO_LARGE, f"more than {MAX_IMAGE_BYTES} bytes")
    return picture


def _read_fields(form: FormData) -> PersonFields:
    fields = [(name, value) for name, value in form.multi_items() if name != _IMAGE]
    names = [name for name, _ in fields]
    if len(set(names)) < len(names):
        raise _given_twice()
    try:
        return PersonFields.model_validate({name: _typed(name, value) for name, value in fields})
    except ValidationError as error:
        raise RequestValidationError(
            [{**problem, "loc": ("body", *problem["loc"])} for problem in error.errors()]
        ) from None


def _typed(name: str, value: object) -> object:
    """Turn the form's text into what JSON would have held; other text is left for the rules to refuse."""
    try:
        if name in _NUMBERS and isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
            return float(value)
        if name == "size_chart" and isinstance(value, str) and value.lstrip().startswith("["):
            return json.loads(value)
    except (ValueError, RecursionError):
        return value
    return value


def _given_twice() -> RequestValidationError:
    return _invalid("given_twice", (), "Each field may be given once")


def _invalid(kind: str, where: tuple[str, ...], message: str) -> RequestValidationError:
    return RequestValidationError([{"type": kind, "loc": ("body", *where), "msg": message}])
