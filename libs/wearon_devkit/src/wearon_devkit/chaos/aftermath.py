"""The facts of a chaos run, read when the dust has settled."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import class_row
from redis import Redis

from wearon_common.channel import Channel
from wearon_devkit.books import Patience, Report, audit
from wearon_devkit.chaos.arrivals import Arrived
from wearon_devkit.chaos.leftovers import left_in_redis, sessions_in_redis
from wearon_devkit.chaos.schedule import Disturbance
from wearon_devkit.environment import Environment
from wearon_devkit.picture_store import PictureStore
from wearon_devkit.producer import TryOn
from wearon_devkit.provider_control import ProviderControl

# How a session ended is what we recorded: a user may rewrite the row.
_FATES = """
    select s.channel, s.id as session_id, coalesce(g.outcome, s.status, 'gone') as state,
           coalesce(g.attempt, 0) as attempts, g.owner_id, g.ended_at,
           case when r.result = 'refunded' then r.recorded_at end as refunded_at,
           coalesce(g.leased_until > clock_timestamp(), false) as is_held
    from (select id, status, 'b2c' as channel from public.generation_sessions
          union all
          select id, status, 'b2b' from public.store_generation_sessions) s
    left join wearon.generations g on g.channel = s.channel and g.session_id = s.id
    left join wearon.refunds r on r.channel = s.channel and r.session_id = s.id
"""
# A refund of ours is known by its words; the app has others.
_ACCOUNTS = """
    select owner_id,
           coalesce(sum(abs(amount)) filter (where type in ('generation', 'deduction')), 0) as deducted,
           coalesce(sum(abs(amount)) filter (where type = 'refund' and is_ours), 0) as refunded_by_us,
           coalesce(sum(abs(amount)) filter (where type = 'refund' and not is_ours), 0) as refunded_by_others
    from (select user_id as owner_id, type, amount, description from public.credit_transactions
          union all
          select store_id, type, amount, description from public.store_credit_transactions) movement
    cross join lateral (
        select coalesce(description = 'Refund: generation failed', false) as is_ours
    ) words
    group by owner_id
"""
_NO_PATIENCE = Patience(timedelta(0), timedelta(0), timedelta(0))


@dataclass(frozen=True)
class Fate:
    """What became of a session; times are the database's."""

    channel: str
    session_id: UUID
    state: str
    attempts: int = 0
    owner_id: UUID | None = None  # whose we took it for; None: we never touched it
    ended_at: datetime | None = None  # by us
    refunded_at: datetime | None = None  # by us
    is_held: bool = False

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will come."""
        return self.state in {"completed", "failed"}

    @property
    def image_path(self) -> str | None:
        """Where its image must lie, if we completed it."""
        if self.state != "completed" or self.owner_id is None:
            return None
        return Channel(self.channel).traits.result_path_for(str(self.owner_id), str(self.session_id))


@dataclass(frozen=True)
class Account:
    """What one owner paid for generations and got back, in credits."""

    owner_id: UUID
    deducted: int = 0
    refunded_by_us: int = 0
    refunded_by_others: int = 0


@dataclass(frozen=True)
class Aftermath:
    """What was done, and what was there at the end. Sessions and owners are known by their ids."""

    arrived: Arrived
    disturbances: Mapping[Disturbance, int]
    freezes_s: Sequence[float]
    fates: Mapping[UUID, Fate]
    without_image: frozenset[UUID]  # of those that we completed
    accounts: Mapping[UUID, Account]
    provider_calls: Sequence[Mapping[str, Any]]
    left_in_redis: Mapping[str, int]
    sessions_in_redis: frozenset[UUID]
    books: Report

    def fate(self, try_on: TryOn) -> Fate:
        """Tell what became of a try-on."""
        return self.fates.get(try_on.session_id, Fate(try_on.channel, try_on.session_id, "gone"))

    def try_on_of(self, owner_id: UUID | None) -> TryOn | None:
        """Find the one try-on of an owner."""
        return self._by_owner.get(owner_id)

    @cached_property
    def _by_owner(self) -> Mapping[UUID | None, TryOn]:
        return {try_on.owner_id: try_on for try_on in self.arrived.try_ons}


def look_back(
    environment: Environment,
    arrived: Arrived,
    disturbances: Mapping[Disturbance, int],
    freezes_s: Sequence[float] = (),
) -> Aftermath:
    """Collect the facts of a run."""
    redis = Redis.from_url(environment.redis_url)
    with psycopg.connect(environment.database_url) as database, redis:
        fates = read_fates(database)
        return Aftermath(
            arrived=arrived,
            disturbances=disturbances,
            freezes_s=freezes_s,
            fates=fates,
            without_image=frozenset(_without_image(fates.values(), PictureStore(environment))),
            accounts=_read_accounts(database),
            provider_calls=ProviderControl(environment).calls(),
            left_in_redis=left_in_redis(redis),
            sessions_in_redis=frozenset(sessions_in_redis(redis)),
            books=audit(environment.database_url, _NO_PATIENCE),
        )


def read_fates(database: psycopg.Connection[Any]) -> dict[UUID, Fate]:
    """Read what has become of every session so far."""
    with database.cursor(row_factory=class_row(Fate)) as cursor:
        return {fate.session_id: fate for fate in cursor.execute(_FATES)}


def _without_image(fates: Iterable[Fate], pictures: PictureStore) -> Iterable[UUID]:
    return (fate.session_id for fate in fates if fate.image_path and not pictures.has_jpeg(fate.image_path))


def _read_accounts(database: psycopg.Connection[Any]) -> dict[UUID, Account]:
    with database.cursor(row_factory=class_row(Account)) as cursor:
        return {account.owner_id: account for account in cursor.execute(_ACCOUNTS)}
