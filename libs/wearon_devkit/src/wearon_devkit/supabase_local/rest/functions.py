"""`/rest/v1/rpc/{function}`: database functions called with named JSON arguments."""

from collections.abc import Sequence

from psycopg import sql
from starlette.requests import Request
from starlette.responses import Response

from wearon_devkit.supabase_local.refusal import (
    NotSpokenError,
    refuse_unknown_headers,
    refuse_unknown_parameters,
)
from wearon_devkit.supabase_local.rest.answers import Rows, content_range, empty_answer, json_answer
from wearon_devkit.supabase_local.rest.body import Body, read_body
from wearon_devkit.supabase_local.rest.catalogue import Cursor, Function, Returns, find_functions
from wearon_devkit.supabase_local.rest.errors import PostgrestError
from wearon_devkit.supabase_local.rest.preferences import HEADERS, Preferences, Shape, parse_preferences
from wearon_devkit.supabase_local.rest.statements import typed_record
from wearon_devkit.supabase_local.rest.transaction import Transactions


class Functions:
    """The endpoint of the functions in the schema `public`."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    async def call(self, request: Request) -> Response:
        """POST: a bare scalar, an object, an array of either for a set, or 204 for void."""
        refuse_unknown_headers(request, HEADERS)
        refuse_unknown_parameters(request)
        preferences = parse_preferences(request, set())
        body = _arguments(await read_body(request))
        async with self._transactions.begin(request) as cursor:
            name = str(request.path_params["function"])
            function = _matching(await find_functions(cursor, name), name, body.keys)
            return _answer(function, await _call(cursor, function, body), preferences)


def _arguments(body: Body) -> Body:
    if body.is_array:
        raise NotSpokenError("function arguments in an array")
    return body


def _matching(overloads: Sequence[Function], name: str, given: Sequence[str]) -> Function:
    if not all(overload.callable_by_name for overload in overloads):
        raise NotSpokenError(f"function {name!r}: unnamed or variadic parameters")
    matches = [each for each in overloads if each.required <= set(given) <= each.parameters.keys()]
    if len(matches) > 1:
        raise NotSpokenError(f"function {name!r}: more than one overload fits")
    if not matches:
        raise _not_found(overloads, name, sorted(given))
    return matches[0]


def _not_found(overloads: Sequence[Function], name: str, given: Sequence[str]) -> PostgrestError:
    called, searched = (
        f"public.{name}({', '.join(given)})",
        f"with parameter{'s'[: len(given) > 1]} {', '.join(given)}",
    )
    if not given:
        called, searched = f"public.{name} without parameters", "without parameters"
    details = (
        f"Searched for the function public.{name} {searched} or with a single unnamed json/jsonb parameter, "
        "but no matches were found in the schema cache."
    )
    message = f"Could not find the function {called} in the schema cache"
    return PostgrestError(404, "PGRST202", message, details, _hint(overloads, given))


def _hint(overloads: Sequence[Function], given: Sequence[str]) -> str | None:
    similar = [each for each in overloads if each.parameters.keys() & set(given)]
    if not similar:
        return None
    return (
        f"Perhaps you meant to call the function public.{similar[0].name}({', '.join(similar[0].parameters)})"
    )


async def _call(cursor: Cursor, function: Function, body: Body) -> Rows:
    statement = sql.SQL(
        "WITH _arguments AS ({arguments}), _result AS (SELECT {columns} FROM _arguments, LATERAL {call}) "
        "SELECT (SELECT count(*) FROM _result), "
        "coalesce((SELECT json_agg({element}) FROM _result _row), '[]')::text"
    ).format(
        arguments=typed_record("json_to_record", _types(function, body)) if body.keys else sql.SQL("SELECT"),
        columns=sql.SQL("_call.*"),
        element=sql.Identifier("_value" if function.returns is Returns.SCALAR else "_row"),
        call=_invocation(function, body),
    )
    await cursor.execute(statement, {"body": body.text} if body.keys else {})
    row = await cursor.fetchone()
    assert row is not None  # noqa: S101 - an aggregate returns one row
    count, json_array = row
    return Rows(count, json_array)


def _types(function: Function, body: Body) -> dict[str, str]:
    return {name: function.parameters[name] for name in body.keys}


def _invocation(function: Function, body: Body) -> sql.Composed:
    arguments = sql.SQL(", ").join(
        sql.SQL("{0} := _arguments.{0}").format(sql.Identifier(name)) for name in body.keys
    )
    alias = sql.SQL("_call (_value)" if function.returns is not Returns.ROW else "_call")
    return sql.SQL("{}({}) AS {}").format(sql.Identifier("public", function.name), arguments, alias)


def _answer(function: Function, rows: Rows, preferences: Preferences) -> Response:
    range_ = content_range(0, rows.count, None)
    if function.returns is Returns.NOTHING:
        return empty_answer(204, range_, preferences)
    if function.returns_set or preferences.shape is Shape.SINGLE:
        return json_answer(200, rows.shaped(preferences.shape), range_, preferences)
    return json_answer(200, rows.only_element, range_, preferences)
