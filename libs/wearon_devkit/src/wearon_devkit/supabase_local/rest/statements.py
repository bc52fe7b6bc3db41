"""The SQL behind table requests: identifiers quoted, values bound, rows written as JSON by PostgreSQL itself.

Every statement returns one row: how many rows it touched or read, their JSON array as text, and how many
there are in all (reads) or were new (inserts).
"""

from collections.abc import Sequence

from psycopg import sql

from wearon_devkit.supabase_local.rest.catalogue import Relation
from wearon_devkit.supabase_local.rest.filters import Filter
from wearon_devkit.supabase_local.rest.query import Query

Statement = tuple[sql.Composed, dict[str, str | int]]

_READ = """
WITH _page AS (SELECT {columns} FROM {table}{where}{order}{window})
SELECT
    (SELECT count(*) FROM _page),
    coalesce((SELECT json_agg(_page) FROM _page), '[]')::text,
    {total}
"""
_WRITE = """
WITH
    _payload AS ({payload}),
    _written AS ({write} RETURNING {columns}, {is_new} AS _is_new),
    _row AS (SELECT {names} FROM _written)
SELECT
    (SELECT count(*) FROM _row),
    coalesce((SELECT json_agg(_row) FROM _row), '[]')::text,
    (SELECT count(*) FROM _written WHERE _is_new)
"""


def read(name: str, query: Query, *, with_total: bool) -> Statement:
    """Select a page of rows. The relation may be missing: PostgreSQL then says so."""
    table = sql.Identifier("public", name)
    where, parameters = _where(table, query.filters)
    total = sql.SQL("(SELECT count(*) FROM {}{})").format(table, where) if with_total else sql.SQL("NULL")
    text = sql.SQL(_READ).format(
        columns=_selected(table, query.select),
        table=table,
        where=where,
        order=_order(table, query),
        window=_window(query),
        total=total,
    )
    return text, parameters


def update(relation: Relation, query: Query, columns: Sequence[str], body: str) -> Statement:
    """Set the body's columns on the rows that match."""
    where, parameters = _where(relation.identifier, query.filters)
    assignments = sql.SQL(", ").join(
        sql.SQL("{0} = _payload.{0}").format(sql.Identifier(column)) for column in columns
    )
    write = sql.SQL("UPDATE {} SET {} FROM _payload{}").format(relation.identifier, assignments, where)
    payload = typed_record("json_to_record", {column: relation.columns[column] for column in columns})
    return _write(relation, query, write, payload), {**parameters, "body": body}


def delete(relation: Relation, query: Query) -> Statement:
    """Delete the rows that match."""
    where, parameters = _where(relation.identifier, query.filters)
    write = sql.SQL("DELETE FROM {}{}").format(relation.identifier, where)
    return _write(relation, query, write, sql.SQL("SELECT")), parameters


def insert(
    relation: Relation, query: Query, columns: Sequence[str], body: str, resolution: str | None
) -> Statement:
    """Insert the rows of a JSON array, with `resolution` deciding what happens to those already there."""
    names = _listed(columns)
    write = sql.SQL("INSERT INTO {} ({}) SELECT {} FROM _payload{}").format(
        relation.identifier, names, names, _on_conflict(relation, query, columns, resolution)
    )
    payload = typed_record("json_to_recordset", {column: relation.columns[column] for column in columns})
    # A row that an upsert found keeps its inserting transaction's mark in xmax.
    is_new = "xmax = 0" if resolution else "true"
    return _write(relation, query, write, payload, is_new), {"body": body}


def typed_record(function: str, types: dict[str, str]) -> sql.Composed:
    """Select the columns of the bound JSON `body`, each read as its SQL type (from the catalogue)."""
    columns = [sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(type_)) for name, type_ in types.items()]
    return sql.SQL("SELECT * FROM {}(%(body)s::json) AS _ ({})").format(
        sql.SQL(function), sql.SQL(", ").join(columns)
    )


def _write(
    relation: Relation, query: Query, write: sql.Composed, payload: sql.Composable, is_new: str = "true"
) -> sql.Composed:
    return sql.SQL(_WRITE).format(
        payload=payload,
        write=write,
        columns=_selected(relation.identifier, query.select),
        is_new=sql.SQL(is_new),
        names=_listed(query.select or tuple(relation.columns)),
    )


def _where(table: sql.Identifier, filters: Sequence[Filter]) -> tuple[sql.Composable, dict[str, str | int]]:
    conditions, parameters = [], dict[str, str | int]()
    for index, each in enumerate(filters):
        condition, values = each.condition(table, f"filter_{index}")
        conditions.append(condition)
        parameters.update(values)
    if not conditions:
        return sql.SQL(""), parameters
    return sql.SQL(" WHERE {}").format(sql.SQL(" AND ").join(conditions)), parameters


def _selected(table: sql.Identifier, select: Sequence[str] | None) -> sql.Composed:
    columns = [sql.SQL("*")] if select is None else map(sql.Identifier, select)
    return sql.SQL(", ").join(sql.SQL("{}.{}").format(table, column) for column in columns)


def _listed(columns: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, columns))


def _order(table: sql.Identifier, query: Query) -> sql.Composable:
    if not query.order:
        return sql.SQL("")
    terms = [
        sql.SQL(f"{{}}.{{}} {term.direction}").format(table, sql.Identifier(term.column))
        for term in query.order
    ]
    return sql.SQL(" ORDER BY {}").format(sql.SQL(", ").join(terms))


def _window(query: Query) -> sql.Composable:
    limit = sql.SQL("ALL") if query.limit is None else sql.Literal(query.limit)
    return sql.SQL(" LIMIT {} OFFSET {}").format(limit, sql.Literal(query.offset))


def _on_conflict(
    relation: Relation, query: Query, columns: Sequence[str], resolution: str | None
) -> sql.Composable:
    target = query.on_conflict or relation.primary_key
    if resolution is None or not target:
        return sql.SQL("")
    if resolution == "ignore-duplicates":
        return sql.SQL(" ON CONFLICT ({}) DO NOTHING").format(_listed(target))
    assignments = [sql.SQL("{0} = EXCLUDED.{0}").format(sql.Identifier(column)) for column in columns]
    return sql.SQL(" ON CONFLICT ({}) DO UPDATE SET {}").format(
        _listed(target), sql.SQL(", ").join(assignments)
    )
