"""Where each try-on of the demo is."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from redis import Redis

from wearon_common import keys
from wearon_devkit.demo.scenario import Scenario
from wearon_devkit.producer import TryOn
from wearon_devkit.session_state import SessionState, read_session_states


@dataclass(frozen=True)
class Progress:
    """All sessions, in the scenario's order, and the entries that could not become one."""

    sessions: tuple[SessionState, ...]
    dead_letters: int

    def outcomes(self) -> Counter[str]:
        """Count the states."""
        return Counter(session.status for session in self.sessions)

    def is_finished(self, scenario: Scenario) -> bool:
        """Say whether all that was asked for has been answered."""
        return all(s.ended for s in self.sessions) and self.dead_letters >= scenario.dead_letters


def read_progress(database: psycopg.Connection[Any], redis: Redis, try_ons: Sequence[TryOn]) -> Progress:
    """Look once."""
    states = read_session_states(database, [try_on.session_id for try_on in try_ons])
    return Progress(
        tuple(states[try_on.session_id] for try_on in try_ons),
        int(redis.llen(keys.DEAD_LETTERS)),
    )
