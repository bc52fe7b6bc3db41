"""Whether every promise was kept."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from wearon_devkit.books import ChannelTotals, Finding, ImbalanceKind, Report
from wearon_devkit.chaos.aftermath import Aftermath
from wearon_devkit.chaos.double_refunds import DoubleRefunds, find_double_refunds
from wearon_devkit.chaos.excuses import excuse
from wearon_devkit.chaos.extra_calls import UNEXPLAINED, count_extra_calls
from wearon_devkit.chaos.schedule import Arrival

Excused = Mapping[Arrival, Counter[str]]

_TOO_LITTLE_WENT_BACK = frozenset(
    {
        ImbalanceKind.REFUND_MISSING,
        ImbalanceKind.REFUND_FAILED,
        ImbalanceKind.REFUND_RECORDED_NOT_PAID,
        ImbalanceKind.DEDUCTION_WITHOUT_SESSION,
    }
)
_TOO_MUCH_WENT_BACK = frozenset(
    {
        ImbalanceKind.REFUNDED_TWICE,
        ImbalanceKind.REFUND_OF_UNFAILED_SESSION,
        ImbalanceKind.REFUND_NEVER_DEDUCTED,
        ImbalanceKind.REFUND_AMOUNT_DIFFERS,
        ImbalanceKind.UNPAID_SESSION,
    }
)


@dataclass(frozen=True)
class Verdict:
    """What is to be said about an aftermath."""

    stuck: Sequence[UUID]  # sessions that never ended though they have a task or a holder
    lost: Sequence[UUID]  # sessions that never ended and are nowhere
    without_image: Sequence[UUID]  # sessions that we completed though no image is stored
    double_refunds: DoubleRefunds
    extra_calls: Mapping[str, int]  # beyond one for a session, by cause
    imbalances: Sequence[Finding]  # that nobody but us can have made
    excused: Excused  # the other imbalances, by the rewrite that explains them
    unexplained_credits: int
    entries_left: int

    @property
    def broken_promises(self) -> list[str]:
        """Name what must not have happened."""
        promises = {
            "sessions stuck": len(self.stuck),
            "sessions lost": len(self.lost),
            "sessions completed without an image": len(self.without_image),
            "double refunds of ours": len(self.double_refunds.by_us),
            "provider calls that nothing explains": self.extra_calls.get(UNEXPLAINED, 0),
            "imbalances in the books": len(self.imbalances),
            "credits that no imbalance explains": self.unexplained_credits,
            "entries left in Redis": self.entries_left,
        }
        return [f"{count} {what}" for what, count in promises.items() if count]


def judge(aftermath: Aftermath) -> Verdict:
    """Hold the facts against docs/guarantees.md."""
    double_refunds = find_double_refunds(aftermath)
    causes = [
        (finding, excuse(finding, aftermath, double_refunds.by_us)) for finding in aftermath.books.imbalances
    ]
    unfinished = {try_on.session_id for try_on in aftermath.arrived.try_ons} - _ended(aftermath)
    somewhere = {fate.session_id for fate in aftermath.fates.values() if fate.is_held}
    somewhere |= aftermath.sessions_in_redis
    return Verdict(
        stuck=sorted(unfinished & somewhere),
        lost=sorted(unfinished - somewhere),
        without_image=sorted(aftermath.without_image),
        double_refunds=double_refunds,
        extra_calls=count_extra_calls(aftermath),
        imbalances=[finding for finding, cause in causes if cause is None],
        excused=_count((cause, finding.kind) for finding, cause in causes if cause),
        unexplained_credits=_unexplained_credits(aftermath.books),
        entries_left=sum(aftermath.left_in_redis.values()),
    )


def _ended(aftermath: Aftermath) -> set[UUID]:
    return {fate.session_id for fate in aftermath.fates.values() if fate.has_ended}


def _count(excused: Iterable[tuple[Arrival, str]]) -> Excused:
    counts: defaultdict[Arrival, Counter[str]] = defaultdict(Counter)
    for cause, kind in excused:
        counts[cause][kind] += 1
    return counts


def _unexplained_credits(books: Report) -> int:
    """Sum up how far *deducted = completed + refunded + live* is from what the imbalances say."""
    return sum(
        abs(totals.deducted - totals.completed - totals.refunded - totals.live - _explained(books, totals))
        for totals in books.totals
    )


def _explained(books: Report, totals: ChannelTotals) -> int:
    findings = [finding for finding in books.imbalances if finding.channel is totals.channel]
    missing = sum(finding.amount for finding in findings if finding.kind in _TOO_LITTLE_WENT_BACK)
    return missing - sum(finding.amount for finding in findings if finding.kind in _TOO_MUCH_WENT_BACK)
