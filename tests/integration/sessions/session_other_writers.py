"""The same machine with everybody else who may write to a session's row."""

from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule
from integration.sessions.session_facts import Facts
from integration.sessions.session_machine import SHARED_REQUEST, OwnWorkers
from integration.sessions.session_world import CREDITS

from wearon_common.channel import Channel
from wearon_devkit.producer import TryOn

LIVE = {"queued", "pending", "processing"}


class WithTheProducer(OwnWorkers):
    """The clean-up cron, a push that seemed to fail, a store that uninstalls the app.

    They refund and set `failed` in two steps, whatever has happened in between.
    """

    sessions = OwnWorkers.sessions

    def __init__(self) -> None:
        super().__init__()
        self.refunded_by_producer = 0
        self._seen_live: list[TryOn] = []
        self._to_be_failed: list[TryOn] = []

    @rule(session=sessions)
    def the_producer_decides_to_give_up(self, session: TryOn) -> None:
        if self._facts(session).status in LIVE:
            self._seen_live.append(session)

    @precondition(lambda self: self._seen_live)
    @rule()
    def the_producer_refunds(self) -> None:
        session = self._seen_live.pop(0)
        paid = session.request_id != SHARED_REQUEST and session.payer in {"store", "shopper"}
        if session.channel is Channel.B2C or paid:
            self.refunded_by_producer += self.world.refund_as_producer(session)
        self._to_be_failed.append(session)

    @precondition(lambda self: self._to_be_failed)
    @rule()
    def the_producer_sets_failed(self) -> None:
        self.world.edit(self._to_be_failed.pop(0), "status", "failed")

    @rule()
    def the_store_uninstalls(self) -> None:
        for session in self.world.try_ons:
            if session.channel is Channel.B2B and self._facts(session).status == "queued":
                self.world.edit(session, "status", "failed")

    def check(self, was: Facts, now: Facts) -> None:
        """Whoever has too much got it from the producer."""
        super().check(was, now)
        assert now.balances.total() <= 4 * CREDITS + self.refunded_by_producer
        excess = sum(max(0, account.excess) for account in now.accounts.values() if account.deducted)
        assert excess <= self.refunded_by_producer + self._reused_requests()

    def _reused_requests(self) -> int:
        """Sessions that came under a request id, or without one, and were never charged."""
        return sum(
            session.request_id in {None, SHARED_REQUEST} and session.channel is Channel.B2B
            for session in self.world.try_ons
        )


class WithAMeddlingUser(OwnWorkers):
    """A signed-in user who writes into their own rows what they like, and makes up rows of their own."""

    sessions = OwnWorkers.sessions
    EDITS: ClassVar = st.one_of(
        st.tuples(st.just("status"), st.sampled_from([*sorted(LIVE), "completed", "failed", None])),
        st.tuples(st.just("credits_used"), st.sampled_from([-5, 0, 1_000, None])),
        st.tuples(st.just("generated_image_url"), st.sampled_from(["https://evil.example/x", None])),
        st.tuples(st.just("created_at"), st.sampled_from(["2000-01-01", None])),
    )

    @initialize(target=sessions)
    def a_session_of_the_user(self) -> TryOn:
        return self.world.submit("b2c", None)

    @rule(target=sessions)
    def make_up_a_session(self) -> TryOn:
        return self.world.insert_unpaid("b2c", None)

    @rule(session=sessions, edit=EDITS)
    def edit_a_row(self, session: TryOn, edit: tuple[str, object]) -> None:
        if session.channel is Channel.B2C:
            self.world.edit(session, *edit)

    @rule(session=sessions, user=st.integers(0, 1))
    def change_the_owner(self, session: TryOn, user: int) -> None:
        if session.channel is Channel.B2C:
            self.world.edit(session, "user_id", self.world.users[user])

    def check(self, was: Facts, now: Facts) -> None:
        """Nobody has more than at the start."""
        super().check(was, now)
        assert now.balances.total() <= 4 * CREDITS
        for account in now.accounts.values():
            assert account.refunded <= account.deducted
