"""Waits until sessions have ended and tells how."""

import time
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from datetime import timedelta
from uuid import UUID

from rich.console import Console
from rich.text import Text

from wearon_devkit.run_failed import RunFailed
from wearon_devkit.session_state import SessionState

_LOOK_EVERY_S = 0.2

States = Mapping[UUID, SessionState]


class NotEnded(RunFailed):
    """Sessions are still live after the time allowed."""


def watch(
    sessions: Collection[UUID],
    look: Callable[[Collection[UUID]], States],
    console: Console,
    patience: timedelta,
) -> Counter[str]:
    """Print a line for each session when it has ended; give how many ended in which state.

    A terminal shows meanwhile how many are in which state. Raises `NotEnded`.
    """
    began_s = time.monotonic()
    ended: Counter[str] = Counter()
    live = set(sessions)
    with console.status("queued") as status:
        while live:
            states = look(live)
            elapsed_s = time.monotonic() - began_s
            for session in sorted(session for session in live if states[session].ended):
                live.remove(session)
                ended[states[session].status] += 1
                console.print(Text(_line(session, states[session], elapsed_s)), soft_wrap=True)
            if live and elapsed_s > patience.total_seconds():
                raise NotEnded(f"{len(live)} of {len(sessions)} have not ended after {elapsed_s:.0f} s")
            status.update(in_words(ended + Counter(states[session].status for session in live)))
            time.sleep(_LOOK_EVERY_S if live else 0)
    return ended


def in_words(outcomes: Counter[str]) -> str:
    """Write how many are in which state."""
    return ", ".join(f"{count} {state}" for state, count in sorted(outcomes.items()))


def _line(session: UUID, state: SessionState, elapsed_s: float) -> str:
    return f"{session}  {state.status} in {elapsed_s:.1f} s: {state.image_url or state.error_message or ''}"
