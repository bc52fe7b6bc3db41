"""The query string of a table request, parsed."""

from dataclasses import dataclass

from starlette.datastructures import QueryParams

from wearon_devkit.supabase_local.refusal import NotSpokenError
from wearon_devkit.supabase_local.rest.filters import Filter, parse_filter, refuse_odd_column

_DIRECTIONS = {"asc": "ASC", "desc": "DESC"}
_NULLS = {"nullsfirst": "NULLS FIRST", "nullslast": "NULLS LAST"}
_LOGIC = {"and", "or", "not"}


@dataclass(frozen=True, slots=True)
class OrderTerm:
    """A column to sort by; `direction` is SQL, such as `DESC NULLS LAST`."""

    column: str
    direction: str


@dataclass(frozen=True, slots=True)
class Query:
    """Everything that a table request may ask for; None and empty mean that it was not asked for."""

    select: tuple[str, ...] | None
    filters: tuple[Filter, ...]
    order: tuple[OrderTerm, ...]
    limit: int | None
    offset: int
    columns: tuple[str, ...] | None
    on_conflict: tuple[str, ...]


def parse_query(parameters: QueryParams, spoken: set[str], *, filters_spoken: bool) -> Query:
    """Parse; `spoken` are the parameters that the method knows beside filters.

    Raises NotSpokenError for any other parameter, any of them twice, and any syntax beyond plain columns.
    """
    options: dict[str, str] = {}
    filters = []
    for name, text in parameters.multi_items():
        if name in spoken and name not in options:
            options[name] = text
        elif name in _OPTIONS or name.split(".")[0] in _LOGIC or not filters_spoken:
            raise NotSpokenError(f"query parameter {name!r} here")
        else:
            filters.append(parse_filter(name, text))
    return Query(
        select=_selection(options.get("select")),
        filters=tuple(filters),
        order=tuple(map(_order_term, options["order"].split(","))) if "order" in options else (),
        limit=_count(options, "limit"),
        offset=_count(options, "offset") or 0,
        columns=_names(options["columns"]) if "columns" in options else None,
        on_conflict=_names(options["on_conflict"]) if "on_conflict" in options else (),
    )


_OPTIONS = {"select", "order", "limit", "offset", "columns", "on_conflict"}


def _selection(text: str | None) -> tuple[str, ...] | None:
    return None if text is None or text == "*" else _names(text)


def _names(text: str) -> tuple[str, ...]:
    names = tuple(_unquoted(name) for name in text.split(","))
    for name in names:
        refuse_odd_column(name)
    return names


def _unquoted(name: str) -> str:
    return name[1:-1] if len(name) > 1 and name[0] == name[-1] == '"' else name


def _order_term(text: str) -> OrderTerm:
    column, *modifiers = text.split(".")
    refuse_odd_column(column)
    direction = _DIRECTIONS[modifiers.pop(0)] if modifiers and modifiers[0] in _DIRECTIONS else "ASC"
    if modifiers and modifiers[0] in _NULLS:
        direction += f" {_NULLS[modifiers.pop(0)]}"
    if modifiers:
        raise NotSpokenError(f"order {text!r}")
    return OrderTerm(column, direction)


def _count(options: dict[str, str], name: str) -> int | None:
    text = options.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit()):
        raise NotSpokenError(f"{name} {text!r}")
    return int(text)
