"""Shows buried entries to a person."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from rich.console import Console
from rich.table import Table
from rich.text import Text

from wearon_common.redaction import redact
from wearon_devkit.dead_letters.buried_entry import BuriedEntry
from wearon_devkit.dead_letters.masked_entry import masked_entry

PIPE_WIDTH = 160  # where there is no terminal to ask
LONGEST_CELL = 60


def show_list(entries: Sequence[BuriedEntry], console: Console) -> None:
    """Print a line for each entry, the one that was buried last first."""
    if not console.is_terminal:
        console.width = PIPE_WIDTH
    table = Table("number", "reason", "age", "times", "channel", "session", "request")
    for buried in entries:
        table.add_row(
            buried.number,
            _cell(buried.newest.reason),
            _age(buried),
            str(buried.count),
            _cell(buried.named("channel")),
            _cell(buried.named("session_id")),
            _cell(buried.named("request_id")),
        )
    console.print(table)


def describe(buried: BuriedEntry) -> str:
    """Write everything about an entry that may be shown."""
    letter = buried.newest
    lines = [
        f"number   {buried.number}",
        f"reason   {_plain(letter.reason)}",
        f"detail   {_plain(letter.detail)}",
        f"times    {buried.count}",
        f"buried   {letter.buried_at or 'at an unknown time'} ({_age(buried)} ago)",
    ]
    if not letter.restorable:
        lines.append("requeue  impossible: the original bytes are not in the letter")
    if letter.entry is not None:
        lines.append(f"entry    {len(letter.entry.encode())} bytes, private parts masked:")
        lines.append(masked_entry(letter.entry))
    return "\n".join(lines)


def _age(buried: BuriedEntry) -> str:
    if buried.buried_at is None:
        return "?"
    age = max(timedelta(0), datetime.now(UTC) - buried.buried_at)
    for unit, length in (("d", timedelta(days=1)), ("h", timedelta(hours=1)), ("min", timedelta(minutes=1))):
        if age >= length:
            return f"{age // length} {unit}"
    return f"{age.seconds} s"


def _cell(text: str) -> Text:
    return Text(_plain(text)[:LONGEST_CELL], overflow="fold")


def _plain(text: str) -> str:
    # Whoever can push an entry can write into it what a terminal would obey.
    return ascii(redact(text))[1:-1]
