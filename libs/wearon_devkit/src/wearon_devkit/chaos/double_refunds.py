"""Who has got more back than is due, and whose refund was the one too many."""

from dataclasses import dataclass
from uuid import UUID

from wearon_devkit.chaos.aftermath import Account, Aftermath, Fate
from wearon_devkit.chaos.rewrites import Rewrite


@dataclass(frozen=True)
class DoubleRefunds:
    """The sessions that were refunded twice, or refunded and completed."""

    by_us: frozenset[UUID]  # or by nobody known
    by_others: frozenset[UUID]  # the app's refund came when ours, or the image, was there already


def find_double_refunds(aftermath: Aftermath) -> DoubleRefunds:
    """Look at every owner that has one session."""
    by_us: set[UUID] = set()
    by_others: set[UUID] = set()
    for try_on in aftermath.arrived.try_ons:
        fate = aftermath.fate(try_on)
        account = aftermath.accounts.get(try_on.owner_id, Account(try_on.owner_id))
        if account.refunded_by_us + account.refunded_by_others > _due(account, fate):
            rewrite = aftermath.arrived.rewrites.get(try_on.session_id)
            guilty = by_others if _was_another(account, fate, rewrite) else by_us
            guilty.add(try_on.session_id)
    return DoubleRefunds(frozenset(by_us), frozenset(by_others))


def _due(account: Account, fate: Fate) -> int:
    return account.deducted if fate.state == "failed" else max(0, account.deducted - 1)


def _was_another(account: Account, fate: Fate, rewrite: Rewrite | None) -> bool:
    """Say whether another writer refunded once, and we not at all or rightly and before."""
    if rewrite is None or rewrite.refunded_at is None or account.refunded_by_others != 1:
        return False
    if account.refunded_by_us == 0:
        return True
    came_before = fate.refunded_at is not None and fate.refunded_at < rewrite.refunded_at
    return account.refunded_by_us <= _due(account, fate) and came_before
