"""Listing a folder and removing objects."""

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from wearon_devkit.supabase_local.keys import Keys, Role
from wearon_devkit.supabase_local.refusal import (
    NotSpokenError,
    refuse_unknown_headers,
    refuse_unknown_parameters,
)
from wearon_devkit.supabase_local.storage.errors import invalid_body
from wearon_devkit.supabase_local.storage.objects import Objects, StoredObject
from wearon_devkit.supabase_local.storage.requests import json_body, path_in, role_of

_ORDERS = {"asc": False, "desc": True}


class Listing:
    """`POST /object/list/{bucket}` and `DELETE /object/{bucket}`."""

    def __init__(self, objects: Objects, bucket: str, keys: Keys) -> None:
        self._objects = objects
        self._bucket = bucket
        self._keys = keys

    async def list(self, request: Request) -> Response:
        """POST: what lies directly in the folder `prefix`, sorted by name; folders have no id."""
        body = await self._body(request, {"prefix", "limit", "offset", "sortBy"})
        descending, first, last = _is_descending(body), _at(body, "offset"), _at(body, "limit")
        if role_of(request, self._keys) is not Role.SERVICE:
            return JSONResponse([])
        folder = str(body.get("prefix", "")).strip("/")
        children = await asyncio.to_thread(self._objects.children, folder)
        page = sorted(children.items(), reverse=descending)[first : first + last]
        return JSONResponse([_entry(name, stored) for name, stored in page])

    async def remove(self, request: Request) -> Response:
        """DELETE: the objects that were there and are gone now."""
        body = await self._body(request, {"prefixes"})
        paths = body.get("prefixes")
        if not isinstance(paths, list) or not all(isinstance(path, str) for path in paths):
            raise invalid_body("body/prefixes must be array")
        if role_of(request, self._keys) is not Role.SERVICE:
            return JSONResponse([])
        removed = [(path, await asyncio.to_thread(self._objects.remove, path)) for path in paths]
        return JSONResponse([self._removed_entry(path, stored) for path, stored in removed if stored])

    async def _body(self, request: Request, spoken: set[str]) -> dict[str, Any]:
        refuse_unknown_headers(request)
        refuse_unknown_parameters(request)
        role_of(request, self._keys)
        path_in(request, self._bucket)
        return await json_body(request, spoken)

    def _removed_entry(self, path: str, stored: StoredObject) -> dict[str, object]:
        return {**_entry(path, stored), "bucket_id": self._bucket}


def _is_descending(body: dict[str, Any]) -> bool:
    sort_by = body.get("sortBy", {"column": "name", "order": "asc"})
    if sort_by.get("column") != "name" or sort_by.get("order") not in _ORDERS:
        raise NotSpokenError(f"sortBy {sort_by!r}")
    return _ORDERS[sort_by["order"]]


def _at(body: dict[str, Any], name: str) -> int:
    value = body.get(name, {"limit": 100, "offset": 0}[name])
    if not isinstance(value, int) or value < 0:
        raise invalid_body(f"body/{name} must be integer")
    return value


def _entry(name: str, stored: StoredObject | None) -> dict[str, object]:
    if stored is None:
        times = dict.fromkeys(("updated_at", "created_at", "last_accessed_at"))
        return {"name": name, "id": None, **times, "metadata": None}
    times = dict.fromkeys(("updated_at", "created_at", "last_accessed_at"), stored.created_at)
    metadata = {
        "size": stored.size_bytes,
        "contentLength": stored.size_bytes,
        "mimetype": stored.content_type,
        "cacheControl": stored.cache_control,
        "lastModified": stored.created_at,
    }
    return {"name": name, "id": stored.id, **times, "metadata": metadata}
