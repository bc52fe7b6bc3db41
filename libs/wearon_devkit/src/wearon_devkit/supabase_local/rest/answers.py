"""Rows as PostgREST's HTTP answers: status, Content-Range and the shape that was asked for."""

from dataclasses import dataclass

from starlette.responses import Response

from wearon_devkit.supabase_local.rest.errors import PostgrestError
from wearon_devkit.supabase_local.rest.preferences import Preferences, Shape


@dataclass(frozen=True, slots=True)
class Rows:
    """What a statement gave: how many rows, and their JSON array as PostgreSQL wrote it."""

    count: int
    json_array: str

    def shaped(self, shape: Shape) -> str:
        """Return the body; raises PGRST116 when one object was asked for and there is not exactly one."""
        if shape is Shape.ARRAY:
            return self.json_array
        if self.count != 1:
            raise PostgrestError(
                406,
                "PGRST116",
                "JSON object requested, multiple (or no) rows returned",
                f"The result contains {self.count} rows",
            )
        return self.only_element

    @property
    def only_element(self) -> str:
        """The one row without its array."""
        return self.json_array[1:-1]


def content_range(offset: int, count: int, total: int | None) -> str:
    """Return `first-last/total`, with `*` for what is unknown or empty."""
    rows = f"{offset}-{offset + count - 1}" if count else "*"
    return f"{rows}/{'*' if total is None else total}"


def json_answer(status: int, body: str, range_: str, preferences: Preferences) -> Response:
    """Answer with a body."""
    profile = {"Content-Profile": "public"} if preferences.names_schema else {}
    return Response(body, status, {**_headers(range_, preferences), **profile}, preferences.shape.value)


def empty_answer(status: int, range_: str, preferences: Preferences) -> Response:
    """Answer without a body."""
    return Response(None, status, _headers(range_, preferences))


def _headers(range_: str, preferences: Preferences) -> dict[str, str]:
    applied = {"Preference-Applied": preferences.applied} if preferences.applied else {}
    return {"Content-Range": range_, **applied}
