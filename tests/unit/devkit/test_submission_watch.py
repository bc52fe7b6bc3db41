"""`wearon-dev submit` does not wait for ever."""

from collections import Counter
from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

import pytest
from rich.console import Console

from wearon_devkit.session_state import SessionState
from wearon_devkit.submission.watch import NotEnded, States, watch

FIRST, SECOND = UUID(int=1), UUID(int=2)


class Rows:
    """Gives the rows of each look, and the last ones from then on."""

    def __init__(self, *looks: States) -> None:
        self._looks = list(looks)

    def look(self, sessions: Collection[UUID]) -> States:
        states = self._looks.pop(0) if len(self._looks) > 1 else self._looks[0]
        return {session: states[session] for session in sessions}


def watched(rows: Rows, patience_s: float = 60) -> tuple[Counter[str], list[str]]:
    console = Console(width=60)
    with console.capture() as capture:
        outcomes = watch([FIRST, SECOND], rows.look, console, timedelta(seconds=patience_s))
    return outcomes, capture.get().splitlines()


def test_each_session_is_told_once_when_it_ends() -> None:
    queued, completed = SessionState("queued"), SessionState("completed", "https://x/" + "y" * 99)
    failed = SessionState("failed", error_message="Not this [one].")
    outcomes, lines = watched(
        Rows(
            {FIRST: queued, SECOND: queued},
            {FIRST: queued, SECOND: failed},
            {FIRST: completed, SECOND: failed},
        )
    )
    assert outcomes == {"completed": 1, "failed": 1}
    assert [line.split(" in ")[0] for line in lines] == [f"{SECOND}  failed", f"{FIRST}  completed"]
    assert lines[0].endswith("s: Not this [one].")
    assert lines[1].endswith("y" * 99)


def test_what_has_not_ended_in_time_is_given_up() -> None:
    rows = Rows({FIRST: SessionState("completed"), SECOND: SessionState("processing")})
    with pytest.raises(NotEnded, match="1 of 2 have not ended"):
        watched(rows, patience_s=0)
