from dataclasses import dataclass
from uuid import UUID

from wearon_common.channel import Channel
from wearon_devkit.books.kinds import ImbalanceKind, NoticeKind


@dataclass(frozen=True)
class ChannelTotals:
    """The sums of one channel, in credits; a session costs one.

    `completed` and `live` count only what was paid with a credit, `live` also what was deducted a moment ago.
    `overage` was booked for a later bill, `uncharged` cost nobody anything; neither is in the equation.
    """

    channel: Channel
    deducted: int
    completed: int
    refunded: int
    live: int
    overage: int
    uncharged: int

    @property
    def even(self) -> bool:
        """Whether *deducted = completed + refunded + live*."""
        return self.deducted == self.completed + self.refunded + self.live


@dataclass(frozen=True)
class Finding:
    """One thing that the audit found.

    `amount` is in credits; in a notice it says how many. `session_ids` are the sessions that it may be about,
    five at most: one when that is certain, none when the ledger does not say. `owner_id` is the user (b2c) or
    the store (b2b), None when the finding sums up a channel.
    """

    kind: ImbalanceKind | NoticeKind
    channel: Channel
    owner_id: UUID | None
    request_id: str | None
    session_ids: tuple[UUID, ...]
    amount: int

    @property
    def advice(self) -> str:
        """What to do about it."""
        return self.kind.advice


@dataclass(frozen=True)
class Report:
    """What an audit found, at one moment in time."""

    totals: tuple[ChannelTotals, ...]
    imbalances: tuple[Finding, ...]
    notices: tuple[Finding, ...]

    @property
    def balanced(self) -> bool:
        """Whether every credit is explained and no session contradicts another record of it."""
        return not self.imbalances and all(totals.even for totals in self.totals)

    @property
    def summary(self) -> str:
        """The books in one line."""
        if not self.balanced:
            return f"audit: {len(self.imbalances)} imbalance{'' if len(self.imbalances) == 1 else 's'}"
        return (
            f"audit: {self._sum('deducted')} deducted = {self._sum('completed')} completed"
            f" + {self._sum('refunded')} refunded + {self._sum('live')} live; books balance"
        )

    def _sum(self, column: str) -> int:
        return sum(getattr(totals, column) for totals in self.totals)
