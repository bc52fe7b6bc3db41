"""Where each try-on of the demo is, read from the database as the app reads it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from redis import Redis

from wearon_common import keys
from wearon_devkit.demo.scenario import Scenario
from wearon_devkit.producer import TryOn

_ENDED = frozenset({"completed", "failed"})
_SESSIONS = """
    select id, status, generated_image_url, error_message, processing_time_ms, estimated_cost_usd
    from public.generation_sessions where id = any(%(ids)s)
    union all
    select id, status, generated_image_url, error_message, processing_time_ms, estimated_cost_usd
    from public.store_generation_sessions where id = any(%(ids)s)
"""


@dataclass(frozen=True)
class SessionState:
    """What a session's row says."""

    status: str
    image_url: str | None
    error_message: str | None
    processing_ms: int | None
    cost_usd: float | None

    @property
    def ended(self) -> bool:
        """Whether nothing more will come."""
        return self.status in _ENDED


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
    rows = database.execute(_SESSIONS, {"ids": [try_on.session_id for try_on in try_ons]}).fetchall()
    states = {row[0]: SessionState(*row[1:]) for row in rows}
    return Progress(
        tuple(states[try_on.session_id] for try_on in try_ons),
        int(redis.llen(keys.DEAD_LETTERS)),
    )
