"""The SQL functions as a test calls them: one connection, one transaction a call, as service_role."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import psycopg
from psycopg.rows import dict_row

from wearon_common.channel import Channel
from wearon_devkit.producer import TryOn

LEASE_S = 60.0


@dataclass(frozen=True)
class SessionFunctions:
    """Calls of our functions for one session."""

    database: psycopg.Connection[Any]
    try_on: TryOn

    def claim(
        self, *, owner_id: UUID | None = None, claim_id: UUID | None = None, lease_s: float = LEASE_S
    ) -> tuple[int | None, str | None]:
        row = self._row(
            "select * from public.claim_generation(%s, %s, %s, 'task', %s, %s)",
            owner_id or self.try_on.owner_id,
            claim_id or uuid4(),
            lease_s,
        )
        return row["attempt"], row["refusal"]

    def renew(self, attempt: int) -> bool:
        return bool(self._value("select public.renew_generation(%s, %s, %s, %s)", attempt, LEASE_S))

    def requeue(self, attempt: int) -> bool:
        return bool(self._value("select public.requeue_generation(%s, %s, %s, 'wait')", attempt))

    def complete(self, attempt: int) -> bool:
        return bool(
            self._value(
                "select public.complete_generation(%s, %s, %s, 'https://x', 10, 20, 0.05, 900)", attempt
            )
        )

    def fail(self, attempt: int | None, owner_id: UUID | None = None, reason: str = "test") -> str:
        return str(
            self._value(
                "select public.fail_and_refund_generation(%s, %s, %s, %s, %s, 'sorry')",
                attempt,
                owner_id,
                reason,
            )
        )

    def stuck(self, grace_s: float = 0) -> bool:
        rows = self._execute(
            "select session_id from public.stuck_generations(%s, null, 100)", grace_s
        ).fetchall()
        return self.try_on.session_id in {row["session_id"] for row in rows}

    def row(self) -> dict[str, Any]:
        """The session's own row."""
        table = {Channel.B2C: "generation_sessions", Channel.B2B: "store_generation_sessions"}
        return (
            self._execute(
                f"select * from public.{table[self.try_on.channel]} where id = %s", self.try_on.session_id
            ).fetchone()
            or {}
        )

    def _value(self, statement: str, *arguments: object) -> object:
        return next(iter(self._row(statement, *arguments).values()))

    def _row(self, statement: str, *arguments: object) -> dict[str, Any]:
        row = self._execute(statement, self.try_on.channel, self.try_on.session_id, *arguments).fetchone()
        assert row is not None
        return row

    def _execute(self, statement: str, *arguments: object) -> psycopg.Cursor[dict[str, Any]]:
        return self.database.cursor(row_factory=dict_row).execute(statement, arguments)
