"""A session is worked on exactly as long as it is ours."""

import asyncio
import uuid
from collections.abc import Coroutine
from datetime import timedelta
from enum import Enum, auto

import pytest
import structlog

from wearon_common.channel import Channel
from wearon_common.sessions import Attempt, Sessions
from wearon_common.supabase_client import connect_supabase
from wearon_common.supabase_errors import SupabaseUnavailableError
from wearon_generator.lease import LeaseKeeper, LeaseLost

ATTEMPT = Attempt(Channel.B2C, uuid.UUID(int=7), number=1)
SHORT = timedelta(seconds=0.1)


class Renewal(Enum):
    """How the database answers."""

    OURS = auto()
    LOST = auto()
    NO_ANSWER = auto()
    A_BUG = auto()


class ScriptedSessions(Sessions):
    """Answers `renew` as told, and then with yes."""

    def __init__(self, *answers: Renewal) -> None:
        super().__init__(connect_supabase("http://localhost", "sb_secret_none", SHORT))
        self._answers = list(answers)
        self.renewals = 0

    async def renew(self, attempt: Attempt, lease: timedelta) -> bool:  # noqa: ARG002 - whoever asks
        self.renewals += 1
        answer = self._answers.pop(0) if self._answers else Renewal.OURS
        if answer is Renewal.NO_ANSWER:
            raise SupabaseUnavailableError("renew_generation: ConnectError")
        if answer is Renewal.A_BUG:
            raise KeyError("an answer that nobody thought of")
        return answer is Renewal.OURS


class Work:
    """Goes on for a while and remembers whether it was allowed to."""

    def __init__(self, duration_s: float) -> None:
        self.duration_s = duration_s
        self.cancelled = False

    async def run(self) -> str:
        try:
            await asyncio.sleep(self.duration_s)
        except asyncio.CancelledError:
            self.cancelled = True
            raise
        return "done"


def run_while_held(sessions: Sessions, work: Coroutine[None, None, str], lease: timedelta = SHORT) -> str:
    return asyncio.run(LeaseKeeper(sessions, lease).run_while_held(ATTEMPT, work))


def test_work_that_takes_several_leases_is_finished() -> None:
    sessions = ScriptedSessions()
    assert run_while_held(sessions, Work(1.4).run(), timedelta(seconds=0.7)) == "done"
    assert sessions.renewals >= 3


def test_work_is_stopped_when_the_session_is_no_longer_ours() -> None:
    work = Work(60)
    with pytest.raises(LeaseLost):
        run_while_held(ScriptedSessions(Renewal.OURS, Renewal.LOST), work.run())
    assert work.cancelled


def test_a_renewal_that_fails_for_a_moment_is_tried_again_within_the_lease() -> None:
    away = [Renewal.NO_ANSWER] * 2
    assert run_while_held(ScriptedSessions(*away), Work(1).run(), timedelta(seconds=0.8)) == "done"


def test_a_lease_that_cannot_be_renewed_in_time_is_lost() -> None:
    work = Work(60)
    away = [Renewal.NO_ANSWER] * 100
    with pytest.raises(LeaseLost):
        run_while_held(ScriptedSessions(*away), work.run())
    assert work.cancelled


def test_a_bug_of_the_keeper_loses_the_lease_and_is_logged_with_its_traceback() -> None:
    work = Work(60)
    with structlog.testing.capture_logs() as events, pytest.raises(LeaseLost):
        run_while_held(ScriptedSessions(Renewal.A_BUG), work.run())
    assert work.cancelled
    [event] = events
    assert (event["event"], event["log_level"], event["error"], event["exc_info"]) == (
        "lease_keeper_failed",
        "error",
        "KeyError",
        True,
    )


def test_what_the_work_raises_comes_through() -> None:
    async def fail() -> str:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        run_while_held(ScriptedSessions(), fail())


def test_work_is_stopped_with_whoever_waits_for_it() -> None:
    work = Work(60)

    async def give_up() -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await LeaseKeeper(ScriptedSessions(), SHORT).run_while_held(ATTEMPT, work.run())

    asyncio.run(give_up())
    assert work.cancelled
