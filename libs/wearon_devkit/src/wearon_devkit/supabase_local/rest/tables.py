"""`/rest/v1/{table}`: select, insert, upsert, update, delete."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from wearon_devkit.supabase_local.refusal import NotSpokenError, refuse_unknown_headers
from wearon_devkit.supabase_local.rest import statements
from wearon_devkit.supabase_local.rest.answers import Rows, content_range, empty_answer, json_answer
from wearon_devkit.supabase_local.rest.body import Body, read_body
from wearon_devkit.supabase_local.rest.catalogue import Cursor, Relation, find_relation
from wearon_devkit.supabase_local.rest.errors import PostgrestError
from wearon_devkit.supabase_local.rest.preferences import HEADERS, Preferences, parse_preferences
from wearon_devkit.supabase_local.rest.query import Query, parse_query
from wearon_devkit.supabase_local.rest.transaction import Transactions


class Tables:
    """The endpoints of tables and views in the schema `public`."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    async def read(self, request: Request) -> Response:
        """GET and HEAD: a page of rows, with `count=exact` also how many there are in all."""
        refuse_unknown_headers(request, HEADERS)
        preferences = parse_preferences(request, {"count"})
        spoken = {"select", "order", "limit", "offset"}
        query = parse_query(request.query_params, spoken, filters_spoken=True)
        statement = statements.read(_name(request), query, with_total=preferences.exact_count)
        async with self._transactions.begin(request) as cursor:
            count, json_array, total = await _run(cursor, statement)
        return _page(query, Rows(count, json_array), total, preferences)

    async def insert(self, request: Request) -> Response:
        """POST: 201, or 200 when an upsert found every row already there."""
        refuse_unknown_headers(request, HEADERS)
        preferences = parse_preferences(request, {"resolution", "return", "count"})
        query = parse_query(request.query_params, {"select", "columns", "on_conflict"}, filters_spoken=False)
        body = await read_body(request)
        resolution = preferences.stated.get("resolution")
        async with self._transactions.begin(request) as cursor:
            relation = await _written_relation(cursor, request)
            columns = _known_columns(relation, query.columns or body.keys)
            array = body.text if body.is_array else f"[{body.text}]"
            statement = statements.insert(relation, query, columns, array, resolution)
            count, json_array, new_count = await _run(cursor, statement)
            status = 200 if resolution == "merge-duplicates" and not new_count else 201
            total = count if preferences.exact_count else None
            return _written(
                (status, status), Rows(count, json_array), content_range(0, 0, total), query, preferences
            )

    async def update(self, request: Request) -> Response:
        """PATCH: 200 with the rows that matched, perhaps none, or 204."""
        refuse_unknown_headers(request, HEADERS)
        preferences = parse_preferences(request, {"return", "count"})
        query = parse_query(request.query_params, {"select"}, filters_spoken=True)
        _demand_filters(query, "UPDATE")
        body = _one_object(await read_body(request))
        async with self._transactions.begin(request) as cursor:
            relation = await _written_relation(cursor, request)
            columns = _known_columns(relation, body.keys)
            count, json_array, _ = await _run(cursor, statements.update(relation, query, columns, body.text))
            range_ = content_range(0, count, count if preferences.exact_count else None)
            return _written((200, 204), Rows(count, json_array), range_, query, preferences)

    async def delete(self, request: Request) -> Response:
        """DELETE: 200 with the rows that are gone, or 204."""
        refuse_unknown_headers(request, HEADERS)
        preferences = parse_preferences(request, {"return", "count"})
        query = parse_query(request.query_params, {"select"}, filters_spoken=True)
        _demand_filters(query, "DELETE")
        if (await read_body(request)).rows != ({},):
            raise NotSpokenError("a DELETE with a body")
        async with self._transactions.begin(request) as cursor:
            relation = await _written_relation(cursor, request)
            count, json_array, _ = await _run(cursor, statements.delete(relation, query))
            total = count if preferences.exact_count else None
            return _written(
                (200, 204), Rows(count, json_array), content_range(0, 0, total), query, preferences
            )


def _name(request: Request) -> str:
    return str(request.path_params["table"])


def _demand_filters(query: Query, verb: str) -> None:
    # Supabase loads the extension safeupdate for API users: nobody empties a table by a forgotten filter.
    if not query.filters:
        raise PostgrestError(400, "21000", f"{verb} requires a WHERE clause")


def _one_object(body: Body) -> Body:
    if body.is_array:
        raise NotSpokenError("an update with an array")
    return body


async def _written_relation(cursor: Cursor, request: Request) -> Relation:
    relation = await find_relation(cursor, _name(request))
    if relation is None:
        raise PostgrestError(404, "42P01", f'relation "public.{_name(request)}" does not exist')
    return relation


def _known_columns(relation: Relation, columns: Sequence[str]) -> Sequence[str]:
    if not columns:
        raise NotSpokenError("a write without columns")
    for column in columns:
        if column not in relation.columns:
            message = f"Column '{column}' of relation '{relation.name}' does not exist"
            raise PostgrestError(400, "PGRST204", message)
    return columns


async def _run(cursor: Cursor, statement: statements.Statement) -> tuple[int, str, int | None]:
    await cursor.execute(*statement)
    row = await cursor.fetchone()
    assert row is not None  # noqa: S101 - every statement returns one row
    count, json_array, other = row
    return count, json_array, other


def _page(query: Query, rows: Rows, total: int | None, preferences: Preferences) -> Response:
    if total is not None and query.offset > total:
        return json_answer(416, _offset_beyond(query.offset, total).body, f"*/{total}", preferences)
    status = 206 if total is not None and rows.count < total else 200
    range_ = content_range(query.offset, rows.count, total)
    return json_answer(status, rows.shaped(preferences.shape), range_, preferences)


def _offset_beyond(offset: int, total: int) -> PostgrestError:
    details = f"An offset of {offset} was requested, but there are only {total} rows."
    return PostgrestError(416, "PGRST103", "Requested range not satisfiable", details)


def _written(
    statuses: tuple[int, int], rows: Rows, range_: str, query: Query, preferences: Preferences
) -> Response:
    # Called inside the transaction: asking for one object and hitting several undoes the write.
    status_with_rows, status_without = statuses
    if preferences.representation:
        return json_answer(status_with_rows, rows.shaped(preferences.shape), range_, preferences)
    if query.select is not None:
        raise NotSpokenError("'select' without 'return=representation'")
    return empty_answer(status_without, range_, preferences)
