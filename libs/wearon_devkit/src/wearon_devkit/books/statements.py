"""Puts the SQL files of this package together: facts that build on each other, and questions about them."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from wearon_devkit.books.kinds import ImbalanceKind, NoticeKind

_HERE = Path(__file__).parent
_FACTS = ("patience", "session", "movement", "account", "settlement", "balance")  # each may use those before


def totals() -> str:
    """Ask for the sums of each channel."""
    return f"{_facts()}\n{_read('totals.sql')}"


def imbalances() -> str:
    """Ask for every imbalance, in the order of the kinds."""
    return _ask("imbalances", ImbalanceKind)


def notices() -> str:
    """Ask for every notice, in the order of the kinds."""
    return _ask("notices", NoticeKind)


def _ask(folder: str, kinds: Iterable[str]) -> str:
    # One statement for all kinds, so that the facts are gathered once.
    questions = [_question(place, kind, _read(f"{folder}/{kind}.sql")) for place, kind in enumerate(kinds)]
    return f"{_facts()}\n{' union all '.join(questions)}\norder by place, channel, owner_id, request_id"


def _question(place: int, kind: str, select: str) -> str:
    columns = (
        f"{place} as place, '{kind}' as kind, channel, owner_id, request_id, session_ids[1:5], amount::bigint"
    )
    return f"select {columns} from (\n{select}) {kind}\n"  # noqa: S608 - all of it is our own files


def _facts() -> str:
    facts = [f"{name} as materialized (\n{_read(f'facts/{name}.sql')})" for name in _FACTS]
    return f"with {', '.join(facts)}"


@cache
def _read(name: str) -> str:
    return (_HERE / name).read_text()
