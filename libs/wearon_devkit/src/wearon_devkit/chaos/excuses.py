"""Which imbalances other writers explain: the table *Other writers* of docs/guarantees.md."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from uuid import UUID

from wearon_devkit.books import Finding, ImbalanceKind
from wearon_devkit.chaos.aftermath import Aftermath, Fate
from wearon_devkit.chaos.rewrites import Rewrite
from wearon_devkit.chaos.schedule import Arrival
from wearon_devkit.producer import TryOn

Kinds = frozenset[ImbalanceKind]

_MOST_CREDITS = 1  # nobody has more than one session
_NOTHING: Kinds = frozenset()
_ROW_DISAGREES = frozenset({ImbalanceKind.ROW_DISAGREES})
_ENDED_BY_OTHERS: Mapping[Arrival, Kinds] = {
    Arrival.UNINSTALLED: frozenset({ImbalanceKind.REFUND_MISSING}),
    Arrival.CALLED_FAILED: frozenset({ImbalanceKind.REFUND_MISSING}),
    Arrival.CALLED_DONE: _ROW_DISAGREES | {ImbalanceKind.COMPLETED_WITHOUT_IMAGE},
}


def excuse(finding: Finding, aftermath: Aftermath, never: AbstractSet[UUID]) -> Arrival | None:
    """Name what explains a finding; None when we must have done it ourselves.

    Nothing about the sessions `never` is excused.
    """
    try_on = aftermath.try_on_of(finding.owner_id)
    rewrite = try_on and aftermath.arrived.rewrites.get(try_on.session_id)
    if not try_on or not rewrite or try_on.session_id in never or abs(finding.amount) > _MOST_CREDITS:
        return None
    return rewrite.by if finding.kind in excused_kinds(rewrite, try_on, aftermath.fate(try_on)) else None


def excused_kinds(rewrite: Rewrite, try_on: TryOn, fate: Fate) -> Kinds:
    """Name the imbalances that this rewrite explains; any other one is our fault."""
    if rewrite.at is None:
        return _NOTHING
    if rewrite.by in {Arrival.TAKEN_BACK, Arrival.CLEANED_UP}:
        return _after_a_refund(rewrite, fate)
    if rewrite.by is Arrival.GIVEN_AWAY:
        was_ours_before = fate.owner_id == try_on.owner_id
        return _ROW_DISAGREES if was_ours_before else frozenset({ImbalanceKind.DEDUCTION_WITHOUT_SESSION})
    if fate.ended_at is None:
        return _ENDED_BY_OTHERS.get(rewrite.by, _NOTHING)
    return _ROW_DISAGREES if fate.ended_at < rewrite.at else _NOTHING


def _after_a_refund(rewrite: Rewrite, fate: Fate) -> Kinds:
    """Judge what the app does without looking whether we have ended the session: refund, and set `failed`."""
    if fate.ended_at is None:
        return _NOTHING
    if fate.state == "completed":
        return _ROW_DISAGREES | ({ImbalanceKind.REFUND_OF_UNFAILED_SESSION} if rewrite.refunded_at else set())
    was_refunded_before = fate.refunded_at and rewrite.refunded_at and fate.refunded_at < rewrite.refunded_at
    return frozenset({ImbalanceKind.REFUNDED_TWICE}) if was_refunded_before else _NOTHING
