"""Any interleaving of what our workers may ask of the session functions, and what must always hold."""

from collections.abc import Callable
from typing import ClassVar, TypeVar
from uuid import uuid4

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule
from integration.sessions.session_facts import Account, AccountKey, Facts, SessionFacts
from integration.sessions.session_world import CREDITS, KINDS, World

from wearon_common.channel import Channel
from wearon_devkit.producer import TryOn

T = TypeVar("T")

CONNECTIONS = st.integers(0, 2)
ATTEMPTS = st.integers(1, 3)
CLAIM_IDS = tuple(uuid4() for _worker in range(3))
SHARED_REQUEST = "again"


class OwnWorkers(RuleBasedStateMachine):
    """The producer asks, generators work, leases run out, consumers and sweepers fail what nobody holds.

    Holds whoever else writes: an outcome never changes, attempts only grow, one lease at a time, and no call
    of ours uses or gives back a credit that was not taken.
    """

    new_world: ClassVar[Callable[[], World]]
    sessions: Bundle[TryOn] = Bundle("sessions")

    def __init__(self) -> None:
        super().__init__()
        self.world = type(self).new_world()
        self.known = self.world.facts()

    @rule(target=sessions, kind=st.sampled_from(KINDS), has_request_id=st.booleans())
    def submit(self, kind: str, has_request_id: bool) -> TryOn:  # noqa: FBT001 - hypothesis names it
        return self.world.submit(kind, f"req_{uuid4()}" if has_request_id else None)

    @rule(target=sessions)
    def submit_with_a_request_id_that_was_used(self) -> TryOn:
        """Only the first is charged: the ledger takes one deduction for a request."""
        used = any(try_on.request_id == SHARED_REQUEST for try_on in self.world.try_ons)
        submit = self.world.insert_unpaid if used else self.world.submit
        return submit("store", SHARED_REQUEST)

    @rule(session=sessions, worker=CONNECTIONS)
    def claim(self, session: TryOn, worker: int) -> None:
        facts = self._facts(session)
        functions = self.world.functions(session, worker)
        attempt, refusal = self._ours(lambda: functions.claim(claim_id=CLAIM_IDS[worker]))
        if facts.outcome:
            assert refusal in {"ended", "owner_mismatch"}
        elif facts.leased and attempt is not None:
            assert (attempt, CLAIM_IDS[worker]) == (facts.attempt, facts.claim_id)
        elif attempt is not None:
            assert attempt == facts.attempt + 1

    @rule(session=sessions, worker=CONNECTIONS)
    def claim_for_somebody_else(self, session: TryOn, worker: int) -> None:
        functions = self.world.functions(session, worker)
        assert self._ours(lambda: functions.claim(owner_id=uuid4())) == (None, "owner_mismatch")

    @rule(session=sessions, attempt=ATTEMPTS, worker=CONNECTIONS)
    def renew(self, session: TryOn, attempt: int, worker: int) -> None:
        self._holder_only(session, attempt, self.world.functions(session, worker).renew)

    @rule(session=sessions, attempt=ATTEMPTS, worker=CONNECTIONS)
    def requeue(self, session: TryOn, attempt: int, worker: int) -> None:
        self._holder_only(session, attempt, self.world.functions(session, worker).requeue)

    @rule(session=sessions, attempt=ATTEMPTS, worker=CONNECTIONS)
    def complete(self, session: TryOn, attempt: int, worker: int) -> None:
        self._holder_only(session, attempt, self.world.functions(session, worker).complete, ended="completed")

    @rule(session=sessions, attempt=st.none() | ATTEMPTS, worker=CONNECTIONS)
    def fail(self, session: TryOn, attempt: int | None, worker: int) -> None:
        """With an attempt: by who holds it; without: by a consumer that buries the task."""
        self._fail(session, attempt, worker)

    @rule(session=sessions)
    def let_the_lease_run_out(self, session: TryOn) -> None:
        self.world.expire(session)

    @rule(worker=CONNECTIONS)
    def sweep(self, worker: int) -> None:
        for session in self.world.try_ons:
            if self.world.functions(session, worker).stuck():
                assert not self._facts(session).leased
                self._fail(session, None, worker)

    @invariant()
    def promises_are_kept(self) -> None:
        self._look()

    def check(self, was: Facts, now: Facts) -> None:
        """Compare two moments; subclasses ask for more."""
        for session_id, before in was.sessions.items():
            after = now.sessions[session_id]
            assert before.outcome in {None, after.outcome}
            assert before.refund_result in {None, after.refund_result}
            assert after.attempt >= before.attempt

    def _fail(self, session: TryOn, attempt: int | None, worker: int) -> None:
        facts = self._facts(session)
        ending = self._ours(lambda: self.world.functions(session, worker).fail(attempt))
        if facts.outcome or facts.status == "failed":
            assert ending == "already_ended"
        elif facts.leased and attempt != facts.attempt:
            assert ending == "held" or (attempt is None and facts.status == "completed")
        account = self.known.accounts[facts.account]
        if ending == "refunded":
            assert account.excess <= 0, "a credit went back that is used, had gone back, or was never taken"
        if ending == "not_charged":
            assert account.excess >= 0, "a credit is owed and did not go back"

    def _holder_only(
        self, session: TryOn, attempt: int, call: Callable[[int], bool], ended: str | None = None
    ) -> None:
        facts = self._facts(session)
        if self._ours(lambda: call(attempt)):
            assert attempt == facts.attempt
            assert facts.outcome == ended or facts.outcome is None

    def _ours(self, call: Callable[[], T]) -> T:
        """Call one of our functions; no account may be worse off for it."""
        before = self.known
        result = call()
        self._look()
        for key, account in self.known.accounts.items():
            assert max(0, account.excess) <= max(0, before.accounts.get(key, Account()).excess), key
        return result

    def _look(self) -> None:
        was, self.known = self.known, self.world.facts()
        self.check(was, self.known)

    def _facts(self, session: TryOn) -> SessionFacts:
        return self.known.sessions[session.session_id]


class NobodyElse(OwnWorkers):
    """Only the producer's submits and our workers: here the books are exact after each call."""

    def check(self, was: Facts, now: Facts) -> None:
        super().check(was, now)
        for key, account in now.accounts.items():
            self._what_was_taken_is_used_or_went_back(key, account)
        for session in now.sessions.values():
            self._the_row_shows_the_outcome(session)
        self._every_credit_is_in_its_purse_or_in_the_ledger(now)
        self._what_went_back_was_recorded(now)

    def _what_was_taken_is_used_or_went_back(self, key: AccountKey, account: Account) -> None:
        owed = account.deducted - account.used
        assert account.refunded <= account.deducted, key
        # Without request ids, a session that cost nothing cannot be told from one on the store's bill.
        if not (key[2] is None and account.overage):
            assert account.refunded >= owed, key
        if key[0] == Channel.B2C or key[2] not in {None, SHARED_REQUEST}:
            assert account.refunded == (owed if account.deducted else 0), key

    def _the_row_shows_the_outcome(self, session: SessionFacts) -> None:
        assert session.outcome in {None, session.status}
        assert (session.status == "completed") == bool(session.image_url)
        assert session.status != "failed" or session.error_message == "sorry"
        assert not session.leased or session.status == "processing"

    def _every_credit_is_in_its_purse_or_in_the_ledger(self, now: Facts) -> None:
        out = sum(account.deducted - account.refunded for account in now.accounts.values())
        assert now.balances.total() == 4 * CREDITS - out
        assert max(now.balances["store"], now.balances["shopper"]) <= CREDITS

    def _what_went_back_was_recorded(self, now: Facts) -> None:
        recorded = [session for session in now.sessions.values() if session.refund_result == "refunded"]
        assert len(recorded) == sum(account.refunded for account in now.accounts.values())

    def teardown(self) -> None:
        """However it went: what nobody holds any more, the sweeper ends."""
        for session in self.world.try_ons:
            self.world.expire(session)
        self._look()
        self.sweep(0)
        assert all(session.outcome for session in self.known.sessions.values())
