"""The JSON body of a REST request: its keys are read here, its values by PostgreSQL alone."""

import json
from dataclasses import dataclass

from starlette.requests import Request

from wearon_devkit.supabase_local.refusal import NotSpokenError
from wearon_devkit.supabase_local.rest.errors import PostgrestError


@dataclass(frozen=True, slots=True)
class Body:
    """A body as it came.

    Args:
        text: the JSON text, so that no number or date passes through Python.
        rows: the parsed objects, for their keys.
        is_array: whether the text is an array of them.
    """

    text: str
    rows: tuple[dict[str, object], ...]
    is_array: bool

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of all rows, which must agree, as PostgREST demands without a `columns` parameter."""
        if any(row.keys() != self.rows[0].keys() for row in self.rows):
            raise PostgrestError(400, "PGRST102", "All object keys must match")
        return tuple(self.rows[0]) if self.rows else ()


async def read_body(request: Request) -> Body:
    """Read one object or an array of objects; an absent body is an empty object."""
    raw = await request.body()
    if raw and request.headers.get("content-type") != "application/json":
        raise NotSpokenError(f"content type {request.headers.get('content-type')!r}")
    text = raw.decode() if raw else "{}"
    try:
        parsed = json.loads(text)
    except ValueError as error:
        raise PostgrestError(400, "PGRST102", "Empty or invalid json") from error
    rows = parsed if isinstance(parsed, list) else [parsed]
    if not all(isinstance(row, dict) for row in rows):
        raise NotSpokenError("a JSON body of anything but objects")
    return Body(text, tuple(rows), isinstance(parsed, list))
