"""What the database says about some sessions and about the accounts that they are charged to."""

from collections import Counter
from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID

import psycopg
from psycopg.rows import class_row

_SESSIONS = """
    select s.channel, s.id as session_id, coalesce(g.owner_id, s.owner_id) as owner_id, s.request_id,
           s.status, s.image_url, s.error_message, g.outcome, coalesce(g.attempt, 0) as attempt, g.claim_id,
           coalesce(g.leased_until > clock_timestamp(), false) as leased, r.result as refund_result
    from (
        select 'b2c' as channel, id, user_id as owner_id, null as request_id, status,
               generated_image_url as image_url, error_message
        from public.generation_sessions
        union all
        select 'b2b', id, store_id, request_id, status, generated_image_url, error_message
        from public.store_generation_sessions
    ) s
    left join wearon.generations g on g.channel = s.channel and g.session_id = s.id
    left join wearon.refunds r on r.channel = s.channel and r.session_id = s.id
    where s.id = any(%s)
"""
_MOVEMENTS = """
    select 'b2c' as channel, user_id as owner_id, null as request_id,
           case type when 'generation' then 'deduction' else type end as kind, abs(amount) as amount
    from public.credit_transactions where type in ('generation', 'refund') and user_id = any(%(owners)s)
    union all
    select 'b2b', store_id, request_id, type, abs(amount)
    from public.store_credit_transactions where store_id = any(%(owners)s)
"""
_BALANCES = """
    select 'user', balance from public.user_credits where user_id = any(%(owners)s)
    union all
    select 'store', balance from public.store_credits where store_id = any(%(owners)s)
    union all
    select 'shopper', balance from public.store_shopper_credits where store_id = any(%(owners)s)
"""

AccountKey = tuple[str, UUID | None, str | None]  # channel, owner, request id (None for a user)


@dataclass(frozen=True)
class SessionFacts:
    """One session: its row, and what our functions recorded about it."""

    channel: str
    session_id: UUID
    owner_id: UUID | None
    request_id: str | None
    status: str | None
    image_url: str | None
    error_message: str | None
    outcome: str | None
    attempt: int
    claim_id: UUID | None
    leased: bool
    refund_result: str | None

    @property
    def state(self) -> str:
        """`completed`, `failed` or `live`; what we recorded counts more than the row."""
        ending = self.outcome or self.status
        return ending if ending in {"completed", "failed"} else "live"

    @property
    def account(self) -> AccountKey:
        """Whose movements pay for it."""
        return self.channel, self.owner_id, self.request_id


@dataclass
class Account:
    """The credits that were moved for the sessions of one request, or of one user."""

    deducted: int = 0
    overage: int = 0
    refunded: int = 0
    used: int = 0  # sessions that are completed or live: each uses one credit

    @property
    def excess(self) -> int:
        """How many credits were used or given back beyond what was taken; below zero: how many are owed."""
        return self.refunded + max(0, self.used - self.overage) - self.deducted


@dataclass(frozen=True)
class Facts:
    """All of it, at one moment."""

    sessions: dict[UUID, SessionFacts]
    accounts: dict[AccountKey, Account]
    balances: Counter[str]  # summed up by purse: user, store, shopper

    @classmethod
    def read(cls, database: psycopg.Connection[Any], session_ids: list[UUID], owner_ids: list[UUID]) -> Self:
        """Read what there is about these sessions and these owners."""
        rows = (
            database.cursor(row_factory=class_row(SessionFacts)).execute(_SESSIONS, [session_ids]).fetchall()
        )
        accounts: dict[AccountKey, Account] = {row.account: Account() for row in rows}
        for row in rows:
            accounts[row.account].used += row.state != "failed"
        owners = {"owners": owner_ids}
        for channel, owner_id, request_id, kind, amount in database.execute(_MOVEMENTS, owners):
            account = accounts.setdefault((channel, owner_id, request_id), Account())
            match kind:
                case "deduction":
                    account.deducted += amount
                case "refund":
                    account.refunded += amount
                case "overage":
                    account.overage += 1
        balances: Counter[str] = Counter()
        for purse, balance in database.execute(_BALANCES, owners):
            balances[purse] += balance
        return cls({row.session_id: row for row in rows}, accounts, balances)
