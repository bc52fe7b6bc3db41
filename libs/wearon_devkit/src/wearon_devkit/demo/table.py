"""The live table."""

import time
from collections.abc import Sequence

from rich.console import Group
from rich.table import Column, Table
from rich.text import Text

from wearon_devkit.demo.progress import Progress
from wearon_devkit.demo.scenario import Scenario
from wearon_devkit.producer import TryOn
from wearon_devkit.session_state import SessionState

_COLUMNS = ("try-on", "queue", "session", "state", "time", "cost")
_STYLES = {"queued": "dim", "processing": "yellow", "completed": "green", "failed": "red"}


class ProgressTable:
    """Draws progress; remembers when each try-on ended, so that its time stands still then."""

    def __init__(self, scenario: Scenario, try_ons: Sequence[TryOn]) -> None:
        self._scenario = scenario
        self._try_ons = try_ons
        self._began_s = time.monotonic()
        self._took_s: dict[int, float] = {}

    def draw(self, progress: Progress) -> Group:
        """Give the table as of now, and below it what the shoppers are told, which no column could hold."""
        return Group(self._table(progress), self._messages(progress))

    def _table(self, progress: Progress) -> Table:
        table = Table(*(Column(name, no_wrap=True) for name in _COLUMNS), box=None, pad_edge=False)
        for number, session in enumerate(progress.sessions):
            self._add(table, number, session)
        dead = progress.dead_letters >= self._scenario.dead_letters
        state = Text("dead letter", "red") if dead else Text("queued", "dim")
        table.add_row("malformed entry", "-", "-", state, "", "")
        return table

    def _messages(self, progress: Progress) -> Table:
        messages = Table.grid()
        for wish, session in zip(self._scenario.wishes, progress.sessions, strict=True):
            if session.error_message:
                messages.add_row(Text(f"\n{wish.title}: {session.error_message}"))
        return messages

    def _add(self, table: Table, number: int, session: SessionState) -> None:
        try_on = self._try_ons[number]
        table.add_row(
            self._scenario.wishes[number].title,
            try_on.channel.traits.queue,
            str(try_on.session_id)[-12:],
            Text(session.status, _STYLES.get(session.status, "")),
            f"{self._time_s(number, session):.1f} s",
            "" if session.cost_usd is None else f"${session.cost_usd:.3f}",
        )

    def _time_s(self, number: int, session: SessionState) -> float:
        elapsed_s = time.monotonic() - self._began_s
        return self._took_s.setdefault(number, elapsed_s) if session.ended else elapsed_s
