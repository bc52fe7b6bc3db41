"""Signed URLs and downloads."""

import asyncio

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response

from wearon_devkit.supabase_local.keys import Keys, Role
from wearon_devkit.supabase_local.refusal import refuse_unknown_headers, refuse_unknown_parameters
from wearon_devkit.supabase_local.storage.errors import (
    MISSING_TOKEN,
    OBJECT_NOT_FOUND,
    StorageError,
    invalid_body,
)
from wearon_devkit.supabase_local.storage.objects import Objects
from wearon_devkit.supabase_local.storage.requests import json_body, path_in, role_of
from wearon_devkit.supabase_local.storage.tokens import Tokens


class Downloads:
    """`/object/sign/{bucket}/{path}` (making and using signed URLs) and `GET /object/{bucket}/{path}`."""

    def __init__(self, objects: Objects, tokens: Tokens, bucket: str, keys: Keys) -> None:
        self._objects = objects
        self._tokens = tokens
        self._bucket = bucket
        self._keys = keys

    async def sign(self, request: Request) -> Response:
        """POST: a URL, relative to the storage API, that opens the object for `expiresIn` seconds."""
        refuse_unknown_headers(request)
        refuse_unknown_parameters(request)
        role = role_of(request, self._keys)
        path = path_in(request, self._bucket)
        expires_in_s = _positive_seconds((await json_body(request, {"expiresIn"})).get("expiresIn"))
        await self._find(path, role)
        token = self._tokens.sign(self._bucket, path, expires_in_s)
        return JSONResponse({"signedURL": f"/object/sign/{self._bucket}/{path}?token={token}"})

    async def download_signed(self, request: Request) -> Response:
        """GET with a token instead of keys. Any header goes: this one is for browsers and image fetchers."""
        refuse_unknown_parameters(request, {"token"})
        path = path_in(request, self._bucket)
        if "token" not in request.query_params:
            raise StorageError(*MISSING_TOKEN)
        self._tokens.check(request.query_params["token"], self._bucket, path)
        return await self._file(path, Role.SERVICE)

    async def download(self, request: Request) -> Response:
        """GET with keys."""
        refuse_unknown_headers(request)
        refuse_unknown_parameters(request)
        role = role_of(request, self._keys)
        return await self._file(path_in(request, self._bucket), role)

    async def _file(self, path: str, role: Role) -> Response:
        content_type, cache_control = await self._find(path, role)
        return FileResponse(
            self._objects.file(path), headers={"Cache-Control": cache_control}, media_type=content_type
        )

    async def _find(self, path: str, role: Role) -> tuple[str, str]:
        if role is not Role.SERVICE:
            # A private bucket without policies: what anon may not see is not there.
            raise StorageError(*OBJECT_NOT_FOUND)
        stored = await asyncio.to_thread(self._objects.get, path)
        return stored.content_type, stored.cache_control


def _positive_seconds(value: object) -> int:
    # storage3 sends the number as text.
    is_number = (isinstance(value, int) and not isinstance(value, bool)) or (
        isinstance(value, str) and value.isascii() and value.isdigit()
    )
    seconds = int(str(value)) if is_number else 0
    if seconds < 1:
        raise invalid_body("body/expiresIn must be an integer of at least 1")
    return seconds
