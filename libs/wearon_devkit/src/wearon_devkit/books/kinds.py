"""Everything that the audit can find. Each kind is found by the SQL file of its name."""

from enum import StrEnum


class ImbalanceKind(StrEnum):
    """What must not be, beginning with missing credits. Found by `imbalances/<kind>.sql`."""

    REFUND_MISSING = "refund_missing"
    REFUND_FAILED = "refund_failed"
    REFUND_RECORDED_NOT_PAID = "refund_recorded_not_paid"
    REFUND_RECORD_MISSING = "refund_record_missing"
    REFUND_AMOUNT_DIFFERS = "refund_amount_differs"
    REFUND_TO_WRONG_PAYER = "refund_to_wrong_payer"
    REFUNDED_TWICE = "refunded_twice"
    REFUND_OF_UNFAILED_SESSION = "refund_of_unfailed_session"
    REFUND_NEVER_DEDUCTED = "refund_never_deducted"
    UNPAID_SESSION = "unpaid_session"
    DEDUCTION_WITHOUT_SESSION = "deduction_without_session"
    BALANCE_DIFFERS = "balance_differs"
    ROW_DISAGREES = "row_disagrees"
    COMPLETED_WITHOUT_IMAGE = "completed_without_image"
    LEASE_RAN_OUT = "lease_ran_out"

    @property
    def advice(self) -> str:
        """What a person can do about it."""
        return _ADVICE[self]


class NoticeKind(StrEnum):
    """What somebody may want to know though the books balance. Found by `notices/<kind>.sql`."""

    OVERAGE_TO_REVIEW = "overage_to_review"
    UNCHARGED_SESSIONS = "uncharged_sessions"
    DEDUCTION_IN_FLIGHT = "deduction_in_flight"
    WAITING_LONG = "waiting_long"
    SESSION_ROW_MISSING = "session_row_missing"
    BALANCE_NOT_JUDGED = "balance_not_judged"

    @property
    def advice(self) -> str:
        """What it means."""
        return _ADVICE[self]


_ADVICE: dict[ImbalanceKind | NoticeKind, str] = {
    ImbalanceKind.REFUND_MISSING: "failed, charged, nothing went back: refund it through the platform",
    ImbalanceKind.REFUND_FAILED: "wearon.refunds says why it was refused: mend that, refund it by hand",
    ImbalanceKind.REFUND_RECORDED_NOT_PAID: "in wearon.refunds, not in the ledger: refund it by hand",
    ImbalanceKind.REFUND_RECORD_MISSING: "failed by us, no row in wearon.refunds: who deleted it?",
    ImbalanceKind.REFUND_AMOUNT_DIFFERS: "refund and deduction of this request differ: book the difference",
    ImbalanceKind.REFUND_TO_WRONG_PAYER: "store and shopper were mixed up: move the credit",
    ImbalanceKind.REFUNDED_TWICE: "more refunds than failed sessions: take back what is too much",
    ImbalanceKind.REFUND_OF_UNFAILED_SESSION: "refunded while completed or live: who paid it, and why?",
    ImbalanceKind.REFUND_NEVER_DEDUCTED: "more went back than was taken: find who paid it, take it back",
    ImbalanceKind.UNPAID_SESSION: "its credit was never taken, or had gone back: look for misuse",
    ImbalanceKind.DEDUCTION_WITHOUT_SESSION: "the app took a credit and wrote no session: refund it",
    ImbalanceKind.BALANCE_DIFFERS: "balance minus ledger: somebody changed one without the other",
    ImbalanceKind.ROW_DISAGREES: "the row was edited; wearon.generations has the truth",
    ImbalanceKind.COMPLETED_WITHOUT_IMAGE: "look in storage: sign the image again, or refund",
    ImbalanceKind.LEASE_RAN_OUT: "no sweeper has ended it: does a consumer run?",
    NoticeKind.OVERAGE_TO_REVIEW: "failed, but on the store's bill as overage: take it off",
    NoticeKind.UNCHARGED_SESSIONS: "sessions that were never charged",
    NoticeKind.DEDUCTION_IN_FLIGHT: "just deducted, the session is not there yet",
    NoticeKind.WAITING_LONG: "sessions waiting long without a worker",
    NoticeKind.SESSION_ROW_MISSING: "sessions whose rows were deleted: their charge cannot be judged",
    NoticeKind.BALANCE_NOT_JUDGED: "balances whose ledger lacks purchases: they cannot be judged",
}
