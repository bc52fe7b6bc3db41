"""Row filters in the query string: `id=eq.X`, `status=in.(a,b)`, `x=not.is.null`."""

import re
from dataclasses import dataclass

from psycopg import sql

from wearon_devkit.supabase_local.refusal import NotSpokenError

_COMPARISONS = {
    "eq": "=",
    "neq": "<>",
    "gt": ">",
    "gte": ">=",
    "lt": "<",
    "lte": "<=",
    "like": "LIKE",
    "ilike": "ILIKE",
}
_TRUTHS = {"null": "NULL", "true": "TRUE", "false": "FALSE", "unknown": "UNKNOWN"}
_COLUMN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# One element of an `in` list: quoted, with backslash escapes, or bare up to the next comma.
_ELEMENT = re.compile(r'"((?:[^"\\]|\\.)*)"|([^,"()]+)')


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition on one column; its operands are text that PostgreSQL casts to the column's type."""

    column: str
    negated: bool
    operator: str
    operands: tuple[str, ...]

    def condition(self, table: sql.Identifier, name: str) -> tuple[sql.Composed, dict[str, str]]:
        """Return the SQL and its parameters, whose names start with `name`."""
        left = sql.SQL("{}.{}").format(table, sql.Identifier(self.column))
        test, parameters = self._test(name)
        negation = sql.SQL("NOT " if self.negated else "")
        return sql.SQL("({}{} {})").format(negation, left, test), parameters

    def _test(self, name: str) -> tuple[sql.Composable, dict[str, str]]:
        if self.operator == "is":
            return sql.SQL(f"IS {_TRUTHS[self.operands[0]]}"), {}
        parameters = {f"{name}_{index}": operand for index, operand in enumerate(self.operands)}
        values = sql.SQL(", ").join(map(sql.Placeholder, parameters))
        if self.operator == "in":
            # An empty list matches nothing; SQL has no empty IN.
            return sql.SQL("IN ({})" if parameters else "= ANY ('{{}}')").format(values), parameters
        return sql.SQL(f"{_COMPARISONS[self.operator]} {{}}").format(values), parameters


def parse_filter(column: str, text: str) -> Filter:
    """Parse the value of a query parameter that names a column. Raises NotSpokenError for other syntax."""
    refuse_odd_column(column)
    operator, dot, operand = text.partition(".")
    negated = operator == "not"
    if negated:
        operator, dot, operand = operand.partition(".")
    if not dot:
        raise NotSpokenError(f"filter {text!r}")
    return Filter(column, negated, operator, _operands(operator, operand))


def refuse_odd_column(name: str) -> None:
    """Raise NotSpokenError for what is more than a column's name: JSON paths, embeddings, casts, aliases."""
    if not _COLUMN.fullmatch(name):
        raise NotSpokenError(f"column {name!r}")


def _operands(operator: str, text: str) -> tuple[str, ...]:
    if operator == "in":
        return _list_elements(text)
    if operator == "is":
        return (_truth(text),)
    if operator not in _COMPARISONS:
        raise NotSpokenError(f"filter operator {operator!r}")
    return (text.replace("*", "%") if operator in {"like", "ilike"} else text,)


def _truth(text: str) -> str:
    if text not in _TRUTHS:
        raise NotSpokenError(f"filter 'is.{text}'")
    return text


def _list_elements(text: str) -> tuple[str, ...]:
    if not (text.startswith("(") and text.endswith(")")):
        raise NotSpokenError(f"filter 'in.{text}'")
    inner = text[1:-1]
    if not inner:
        return ()
    elements, position = [], 0
    while match := _ELEMENT.match(inner, position):
        quoted, bare = match.groups()
        elements.append(bare if quoted is None else re.sub(r"\\(.)", r"\1", quoted))
        if match.end() == len(inner):
            return tuple(elements)
        if inner[match.end()] != ",":
            break
        position = match.end() + 1
    raise NotSpokenError(f"filter 'in.{text}'")
