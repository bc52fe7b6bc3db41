"""What a session's row says, read from the database as the app reads it."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg

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
    """How far a session has come. `image_url` comes with `completed`, `error_message` is for the shopper."""

    status: str
    image_url: str | None = None
    error_message: str | None = None
    processing_ms: int | None = None
    cost_usd: float | None = None

    @property
    def ended(self) -> bool:
        """Whether nothing more will come."""
        return self.status in _ENDED


def read_session_states(
    database: psycopg.Connection[Any], session_ids: Collection[UUID]
) -> dict[UUID, SessionState]:
    """Look once; sessions without a row are left out."""
    rows = database.execute(_SESSIONS, {"ids": list(session_ids)}).fetchall()
    return {row[0]: SessionState(*row[1:]) for row in rows}
