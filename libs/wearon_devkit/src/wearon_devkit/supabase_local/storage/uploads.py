"""Uploads: multipart bodies with one file, checked as the bucket demands."""

import asyncio

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from wearon_devkit.supabase_local.keys import Keys, Role
from wearon_devkit.supabase_local.refusal import (
    NotSpokenError,
    refuse_unknown_headers,
    refuse_unknown_keys,
    refuse_unknown_parameters,
)
from wearon_devkit.supabase_local.storage.errors import (
    NO_POLICY,
    TOO_LARGE,
    StorageError,
    invalid_body,
    invalid_mime_type,
)
from wearon_devkit.supabase_local.storage.objects import Objects
from wearon_devkit.supabase_local.storage.requests import path_in, role_of

# The restrictions of the platform's bucket.
SIZE_LIMIT_BYTES = 10 * 1024 * 1024
MIME_TYPES = ("image/jpeg", "image/png", "image/webp")
_UPSERT = {"true": True, "false": False}


class Uploads:
    """`POST` and `PUT /object/{bucket}/{path}`."""

    def __init__(self, objects: Objects, bucket: str, keys: Keys) -> None:
        self._objects = objects
        self._bucket = bucket
        self._keys = keys

    async def create(self, request: Request) -> Response:
        """POST: store a new object; the header `x-upsert: true` lets it replace one."""
        upsert = request.headers.get("x-upsert", "false")
        return await self._store(request, {"x-upsert"}, upsert)

    async def replace(self, request: Request) -> Response:
        """PUT: store an object over whatever was there."""
        return await self._store(request, set(), "true")

    async def _store(self, request: Request, headers: set[str], upsert: str) -> Response:
        # The body first: a client that is refused halfway through it sees a broken connection instead.
        file, cache_control = await _file_and_cache_control(request)
        refuse_unknown_headers(request, headers)
        refuse_unknown_parameters(request)
        if upsert not in _UPSERT:
            raise NotSpokenError(f"header 'x-upsert: {upsert}'")
        role = role_of(request, self._keys)
        path = path_in(request, self._bucket)
        content = await _allowed_content(file)
        if role is not Role.SERVICE:
            raise StorageError(*NO_POLICY)
        stored = await asyncio.to_thread(
            self._objects.put,
            path,
            content,
            str(file.content_type),
            cache_control,
            overwrite=_UPSERT[upsert],
        )
        return JSONResponse({"Key": f"{self._bucket}/{path}", "Id": stored.id})


async def _file_and_cache_control(request: Request) -> tuple[UploadFile, str]:
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise NotSpokenError("an upload that is not multipart/form-data")
    form = await request.form()
    refuse_unknown_keys(dict(form), {"file", "cacheControl"})
    file, max_age_s = form.get("file"), form.get("cacheControl", "3600")
    if not isinstance(file, UploadFile) or not isinstance(max_age_s, str) or len(form.multi_items()) > 2:  # noqa: PLR2004 - one of each
        raise invalid_body("the form must hold one file")
    return file, f"max-age={max_age_s}"


async def _allowed_content(file: UploadFile) -> bytes:
    if file.content_type not in MIME_TYPES:
        raise invalid_mime_type(str(file.content_type))
    content = await file.read(SIZE_LIMIT_BYTES + 1)
    if len(content) > SIZE_LIMIT_BYTES:
        raise StorageError(*TOO_LARGE)
    return content
