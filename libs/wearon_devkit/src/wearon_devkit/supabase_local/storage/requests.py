"""Reading storage requests: who asks, which object, which JSON."""

import json
from typing import Any

from starlette.requests import Request

from wearon_devkit.supabase_local.keys import Keys, MissingKeyError, Role, UnknownKeyError
from wearon_devkit.supabase_local.refusal import NotSpokenError, refuse_unknown_keys
from wearon_devkit.supabase_local.storage.errors import (
    BUCKET_NOT_FOUND,
    MISSING_KEY,
    UNKNOWN_KEY,
    StorageError,
    invalid_body,
)

# Where a bucket's name would stand, these lead to endpoints that are not spoken.
_OTHER_ENDPOINTS = {"authenticated", "copy", "info", "list", "list-v2", "move", "public", "sign", "upload"}


def role_of(request: Request, keys: Keys) -> Role:
    """Return the caller's role; a missing or unknown key is storage's own 403."""
    try:
        return keys.role_of(request)
    except MissingKeyError:
        raise StorageError(*MISSING_KEY) from None
    except UnknownKeyError:
        raise StorageError(*UNKNOWN_KEY) from None


def path_in(request: Request, bucket: str) -> str:
    """Return the object's path from the URL; raises StorageError for another bucket."""
    if request.path_params["bucket"] in _OTHER_ENDPOINTS:
        raise NotSpokenError(f"{request.method} {request.url.path}")
    if request.path_params["bucket"] != bucket:
        raise StorageError(*BUCKET_NOT_FOUND)
    return str(request.path_params.get("path", ""))


async def json_body(request: Request, spoken: set[str]) -> dict[str, Any]:
    """Return the JSON object of the body; raises NotSpokenError for a key that is not `spoken`."""
    if request.headers.get("content-type") != "application/json":
        raise NotSpokenError(f"content type {request.headers.get('content-type')!r}")
    try:
        body = json.loads(await request.body())
    except ValueError:
        raise invalid_body("Body is not valid JSON") from None
    if not isinstance(body, dict):
        raise invalid_body("body must be object")
    refuse_unknown_keys(body, spoken)
    return body
