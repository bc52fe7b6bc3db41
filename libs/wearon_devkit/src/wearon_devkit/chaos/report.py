"""Shows a person what a chaos run did and what became of it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from rich.console import Console
from rich.table import Table

from wearon_devkit.books import ChannelTotals
from wearon_devkit.chaos.aftermath import Aftermath
from wearon_devkit.chaos.judgement import Verdict

_MOST_NAMED = 10


def show(aftermath: Aftermath, verdict: Verdict, console: Console) -> None:
    """Print the report: what was done, what was promised, what others did, and what is wrong."""
    table = Table("", "", box=None, show_header=False, pad_edge=False)
    for name, value in [*_what_was_done(aftermath), *_what_was_promised(aftermath, verdict)]:
        table.add_row(name, value)
    console.print(table)
    console.print(_other_writers(aftermath, verdict))
    for line in _what_is_wrong(verdict):
        console.print(line, highlight=False, soft_wrap=True)


def _what_was_done(aftermath: Aftermath) -> list[tuple[str, str]]:
    arrived = aftermath.arrived
    freezes = ", ".join(f"{freeze_s:.0f} s" for freeze_s in sorted(aftermath.freezes_s, reverse=True))
    fates = [aftermath.fate(try_on) for try_on in arrived.try_ons]
    return [
        ("tasks", f"{len(arrived.try_ons)}, {arrived.refused_at_the_door} of them refused at the door"),
        ("disturbances", _counts(aftermath.disturbances)),
        ("Redis frozen for", freezes or "never"),
        ("outcomes", _counts(Counter(fate.state for fate in fates))),
        ("redeliveries", str(sum(max(0, fate.attempts - 1) for fate in fates))),
        ("provider calls", str(len(aftermath.provider_calls))),
    ]


def _what_was_promised(aftermath: Aftermath, verdict: Verdict) -> list[tuple[str, str]]:
    explained = sum(counts.total() for counts in verdict.excused.values())
    doubles = verdict.double_refunds
    return [
        ("beyond one for a session", _counts(verdict.extra_calls) or "none"),
        ("stuck", str(len(verdict.stuck))),
        ("lost", str(len(verdict.lost))),
        ("without an image", str(len(verdict.without_image))),
        ("double refunds", f"{len(doubles.by_us)}, and {len(doubles.by_others)} by the app alone"),
        ("left in Redis", _counts(aftermath.left_in_redis) or "nothing"),
        *((f"books, {totals.channel}", _equation(totals)) for totals in aftermath.books.totals),
        ("imbalances", f"{len(verdict.imbalances)}, and {explained} that other writers explain"),
    ]


def _equation(totals: ChannelTotals) -> str:
    apart = totals.deducted - totals.completed - totals.refunded - totals.live
    equation = (
        f"{totals.deducted} deducted = {totals.completed} completed"
        f" + {totals.refunded} refunded + {totals.live} live"
    )
    return equation if totals.even else f"{equation} {apart:+} by the imbalances"


def _other_writers(aftermath: Aftermath, verdict: Verdict) -> Table:
    table = Table("other writers", "rows", "what the audit finds, as promised", box=None, pad_edge=False)
    rewrites = aftermath.arrived.rewrites.values()
    for writer, count in Counter(rewrite.by for rewrite in rewrites if rewrite.at).most_common():
        table.add_row(writer, str(count), _counts(verdict.excused.get(writer, {})) or "balanced")
    return table


def _what_is_wrong(verdict: Verdict) -> list[str]:
    sessions: Mapping[str, Sequence[UUID]] = {
        "stuck": verdict.stuck,
        "lost": verdict.lost,
        "completed without an image": verdict.without_image,
        "refunded twice by us": sorted(verdict.double_refunds.by_us),
    }
    return [
        *(f"imbalance: {finding}" for finding in verdict.imbalances),
        *(f"{what}: {', '.join(map(str, ids[:_MOST_NAMED]))}" for what, ids in sessions.items() if ids),
    ]


def _counts(counts: Mapping[Any, int]) -> str:
    most_first = sorted(counts.items(), key=lambda item: -item[1])
    return ", ".join(f"{count} {what}" for what, count in most_first if count)
