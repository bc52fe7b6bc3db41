"""What a request prefers: the `Prefer`, `Accept` and profile headers."""

from dataclasses import dataclass
from enum import StrEnum

from starlette.requests import Request

from wearon_devkit.supabase_local.refusal import NotSpokenError
from wearon_devkit.supabase_local.rest.errors import JSON_TYPE, PostgrestError

HEADERS = {"prefer", "accept-profile", "content-profile"}
_OBJECT_TYPE = "application/vnd.pgrst.object+json"
# PostgREST names what it applied in this order, whatever the order of the request.
_PREFERENCES = {
    "resolution": {"merge-duplicates", "ignore-duplicates"},
    "return": {"minimal", "representation"},
    "count": {"exact"},
}


class Shape(StrEnum):
    """How rows are written; the value is the answer's media type."""

    ARRAY = JSON_TYPE
    SINGLE = f"{_OBJECT_TYPE}; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Preferences:
    """Parsed headers; a preference that was not given is absent from `stated`.

    Args:
        names_schema: whether a profile header said `public`; only then the answer says it too.
    """

    stated: dict[str, str]
    shape: Shape
    names_schema: bool

    @property
    def representation(self) -> bool:
        """Whether the written rows are wanted back."""
        return self.stated.get("return") == "representation"

    @property
    def exact_count(self) -> bool:
        """Whether all matching rows are counted."""
        return "count" in self.stated

    @property
    def applied(self) -> str:
        """The value of `Preference-Applied`."""
        return ", ".join(f"{name}={self.stated[name]}" for name in _PREFERENCES if name in self.stated)


def parse_preferences(request: Request, spoken: set[str]) -> Preferences:
    """Parse the headers; raises NotSpokenError for a preference or media type that is not spoken here."""
    names_schema = _names_schema(request)
    return Preferences(_stated(request, spoken), _shape(request.headers.get("accept", "*/*")), names_schema)


def _names_schema(request: Request) -> bool:
    header = "accept-profile" if request.method in {"GET", "HEAD"} else "content-profile"
    if request.headers.get(header, "public") != "public":
        raise PostgrestError(406, "PGRST106", "The schema must be one of the following: public")
    return header in request.headers


def _stated(request: Request, spoken: set[str]) -> dict[str, str]:
    stated: dict[str, str] = {}
    for header in request.headers.getlist("prefer"):
        for preference in header.split(","):
            name, _, value = preference.strip().partition("=")
            if name not in spoken or name in stated or value not in _PREFERENCES[name]:
                raise NotSpokenError(f"preference {preference.strip()!r} here")
            stated[name] = value
    return stated


def _shape(accept: str) -> Shape:
    if accept in {"*/*", "application/json"}:
        return Shape.ARRAY
    if accept == _OBJECT_TYPE:
        return Shape.SINGLE
    raise NotSpokenError(f"media type {accept!r}")
