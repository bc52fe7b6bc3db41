"""What a chaos run did, what became of it, and whether every promise was kept."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from redis import Redis
from rich.console import Console
from rich.table import Table

from wearon_devkit.books import Finding, Report, audit
from wearon_devkit.chaos.arrivals import Arrived
from wearon_devkit.chaos.leftovers import left_in_redis
from wearon_devkit.chaos.schedule import Disturbance
from wearon_devkit.environment import Environment
from wearon_devkit.provider_control import ProviderControl

# How a session ended is what we recorded: a user may reopen the row.
_SESSIONS = """
    select s.id, coalesce(g.outcome, s.status), coalesce(g.attempt, 0)
    from (select id, status, 'b2c' as channel from public.generation_sessions
          union all
          select id, status, 'b2b' from public.store_generation_sessions) s
    left join wearon.generations g on g.channel = s.channel and g.session_id = s.id
"""
_ENDED = frozenset({"completed", "failed"})


@dataclass(frozen=True)
class Aftermath:
    """The facts."""

    tasks: int
    refused_at_the_door: int
    disturbances: Mapping[Disturbance, int]
    outcomes: Mapping[str, int]
    redeliveries: int
    provider_calls: int
    extra_calls: Mapping[str, int]  # beyond one for a session, by cause
    left_in_redis: Mapping[str, int]
    books: Report
    imbalances: tuple[Finding, ...]  # of owners whose rows nobody else rewrote

    @property
    def unfinished(self) -> int:
        """How many sessions are still live."""
        return sum(count for state, count in self.outcomes.items() if state not in _ENDED)

    @property
    def broken_promises(self) -> list[str]:
        """Name what must not have happened."""
        promises = {
            "sessions that never ended": self.unfinished,
            "entries left in Redis": sum(self.left_in_redis.values()),
            "provider calls that nothing explains": self.extra_calls.get("unexplained", 0),
            "imbalances in the books": len(self.imbalances),
        }
        return [f"{count} {what}" for what, count in promises.items() if count]


def look_back(
    environment: Environment, arrived: Arrived, disturbances: Mapping[Disturbance, int]
) -> Aftermath:
    """Collect the facts of a run."""
    with psycopg.connect(environment.database_url) as database:
        sessions = {row[0]: (row[1], row[2]) for row in database.execute(_SESSIONS)}
    attempts = {str(t.request_id): sessions[t.session_id][1] for t in arrived.try_ons}
    calls = ProviderControl(environment).calls()
    books = audit(environment.database_url)
    return Aftermath(
        tasks=len(arrived.try_ons),
        refused_at_the_door=arrived.refused_at_the_door,
        disturbances=disturbances,
        outcomes=Counter(status for status, _ in sessions.values()),
        redeliveries=sum(max(0, attempt - 1) for attempt in attempts.values()),
        provider_calls=len(calls),
        extra_calls=_explain_extra_calls(calls, attempts),
        left_in_redis=left_in_redis(Redis.from_url(environment.redis_url)),
        books=books,
        imbalances=tuple(_unexplained(books.imbalances, arrived.rewritten_owners)),
    )


def show(aftermath: Aftermath, console: Console) -> None:
    """Print the report."""
    table = Table("", "", box=None, show_header=False, pad_edge=False)
    for name, value in _lines(aftermath):
        table.add_row(name, value)
    console.print(table)
    for finding in aftermath.imbalances:
        console.print(f"imbalance: {finding}", highlight=False, soft_wrap=True)


def _lines(aftermath: Aftermath) -> list[tuple[str, str]]:
    rewritten = len(aftermath.books.imbalances) - len(aftermath.imbalances)
    return [
        ("tasks", f"{aftermath.tasks}, {aftermath.refused_at_the_door} of them refused at the door"),
        ("disturbances", _counts(aftermath.disturbances)),
        ("outcomes", _counts(aftermath.outcomes)),
        ("never ended", str(aftermath.unfinished)),
        ("redeliveries", str(aftermath.redeliveries)),
        ("provider calls", str(aftermath.provider_calls)),
        ("beyond one for a session", _counts(aftermath.extra_calls) or "none"),
        ("left in Redis", _counts(aftermath.left_in_redis) or "nothing"),
        ("imbalances", f"{len(aftermath.imbalances)}, and {rewritten} where others rewrote the row"),
    ]


def _counts(counts: Mapping[Any, int]) -> str:
    most_first = sorted(counts.items(), key=lambda item: -item[1])
    return ", ".join(f"{count} {what}" for what, count in most_first if count)


def _explain_extra_calls(calls: Sequence[Mapping[str, Any]], attempts: Mapping[str, int]) -> Counter[str]:
    """Count, per session, calls beyond the first: after a fault, after a redelivery, or for no reason."""
    total = Counter(call["client_request_id"] for call in calls)
    faulty = Counter(call["client_request_id"] for call in calls if call["fault"])
    causes: Counter[str] = Counter()
    for request_id, count in total.items():
        after_faults = min(count - 1, faulty[request_id])
        after_redelivery = min(count - 1 - after_faults, max(0, attempts.get(request_id, 0) - 1))
        causes["after a fault"] += after_faults
        causes["after a redelivery"] += after_redelivery
        causes["unexplained"] += count - 1 - after_faults - after_redelivery
    return causes


def _unexplained(findings: Iterable[Finding], rewritten_owners: set[UUID]) -> Iterable[Finding]:
    return (finding for finding in findings if finding.owner_id not in rewritten_owners)
