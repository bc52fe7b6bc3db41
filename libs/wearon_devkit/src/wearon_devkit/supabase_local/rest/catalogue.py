"""What the schema `public` holds, asked from PostgreSQL's catalogue for each request: nothing goes stale."""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from psycopg import AsyncCursor, sql

Cursor = AsyncCursor[tuple[Any, ...]]

_RELATION = """
SELECT a.attname, format_type(a.atttypid, a.atttypmod), coalesce(a.attnum = ANY (i.indkey), false)
FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
WHERE c.relnamespace = to_regnamespace('public') AND c.relname = %s AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
ORDER BY a.attnum
"""

_FUNCTIONS = """
SELECT
    ARRAY(SELECT format_type(u.type, NULL) FROM unnest(p.proargtypes) WITH ORDINALITY AS u (type, place)
          ORDER BY u.place),
    coalesce(p.proargnames, '{}'), p.proargmodes::text[], p.pronargdefaults, p.provariadic <> 0, p.proretset,
    p.prorettype = 'void'::regtype, p.prorettype = 'record'::regtype OR t.typtype = 'c'
FROM pg_proc p
JOIN pg_type t ON t.oid = p.prorettype
WHERE p.pronamespace = to_regnamespace('public') AND p.proname = %s AND p.prokind = 'f'
  AND p.prorettype <> 'trigger'::regtype
"""

_INPUT_MODES = {"i", "b", "v"}
_OUTPUT_MODES = {"o", "b", "t"}


@dataclass(frozen=True, slots=True)
class Relation:
    """A table or view: its columns with their SQL types, in order, and its primary key."""

    name: str
    columns: dict[str, str]
    primary_key: tuple[str, ...]

    @property
    def identifier(self) -> sql.Identifier:
        """The quoted, qualified name."""
        return sql.Identifier("public", self.name)


class Returns(Enum):
    """What a function gives back."""

    NOTHING = auto()
    SCALAR = auto()
    ROW = auto()


@dataclass(frozen=True, slots=True)
class Function:
    """One overload: its input parameters with their SQL types, the last `default_count` of them optional."""

    name: str
    parameters: dict[str, str]
    default_count: int
    returns: Returns
    returns_set: bool
    callable_by_name: bool

    @property
    def required(self) -> set[str]:
        """The parameters without a default."""
        return set(list(self.parameters)[: len(self.parameters) - self.default_count])


async def find_relation(cursor: Cursor, name: str) -> Relation | None:
    """Return the table or view of that name, or None."""
    await cursor.execute(_RELATION, (name,))
    columns = await cursor.fetchall()
    if not columns:
        return None
    key = tuple(column for column, _, in_key in columns if in_key)
    return Relation(name, {column: type_ for column, type_, _ in columns}, key)


async def find_functions(cursor: Cursor, name: str) -> list[Function]:
    """Return all overloads of that name."""
    await cursor.execute(_FUNCTIONS, (name,))
    return [_function(name, *row) for row in await cursor.fetchall()]


def _function(  # noqa: PLR0913, PLR0917 - one row of the catalogue
    name: str,
    types: list[str],
    all_names: list[str],
    modes: list[str] | None,
    default_count: int,
    variadic: bool,  # noqa: FBT001 - one row of the catalogue
    returns_set: bool,  # noqa: FBT001 - one row of the catalogue
    returns_void: bool,  # noqa: FBT001 - one row of the catalogue
    returns_composite: bool,  # noqa: FBT001 - one row of the catalogue
) -> Function:
    modes = modes or ["i"] * len(all_names)
    names = [n for n, mode in zip(all_names, modes, strict=True) if mode in _INPUT_MODES]
    is_row = returns_composite or not _OUTPUT_MODES.isdisjoint(modes)
    returns = Returns.NOTHING if returns_void else Returns.ROW if is_row else Returns.SCALAR
    named = len(names) == len(types) and all(names)
    parameters = dict(zip(names, types, strict=False))
    return Function(name, parameters, default_count, returns, returns_set, named and not variadic)
