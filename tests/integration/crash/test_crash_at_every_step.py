"""A process dies at every step boundary, and nobody loses anything."""

import pytest
from integration.crash.crash_lab import Aftermath, Fate, crash_everywhere

from wearon_devkit.chaos.steps import STEPS, Need, Step

pytestmark = pytest.mark.timeout(300)
_FAILS = {Need.FAILS, Need.MALFORMED, Need.LOST, Need.ORPHANED_AGAIN, Need.TAKEN_BACK}
# Who delivers these again dies at it, or at the other one's: Redis may have given the message to that very
# process, as it waits for one. Then the sweeper ends it.
_MAY_GET_LOST = {"after delivering it again", "before giving back a retry", "after giving back a retry"}
_IS_BURIED = {Need.MALFORMED, Need.ORPHANED_AGAIN}


@pytest.fixture(scope="module")
def aftermath(tmp_path_factory: pytest.TempPathFactory) -> Aftermath:
    return crash_everywhere(tmp_path_factory.mktemp("crashes"))


@pytest.fixture(params=STEPS, ids=lambda step: step.name)
def step(request: pytest.FixtureRequest) -> Step:
    assert isinstance(request.param, Step)
    return request.param


@pytest.fixture
def fate(aftermath: Aftermath, step: Step) -> Fate:
    return aftermath.fates[step.name]


def test_the_process_died_there(fate: Fate) -> None:
    assert fate.crashed


def test_the_session_ends_and_the_credit_moves_once(fate: Fate) -> None:
    refunds = {"completed": (), "failed": ("refund",)}
    assert fate.status in refunds
    assert fate.ledger == ("deduction", *refunds[fate.status])


def test_what_completed_has_its_image(fate: Fate) -> None:
    assert (fate.status == "completed") == (fate.image is not None)
    assert fate.image is None or fate.image.startswith(b"\xff\xd8\xff")


def test_it_ends_as_it_would_have_without_the_crash(fate: Fate, step: Step) -> None:
    expected = {"failed" if step.need in _FAILS else "completed"}
    assert fate.status in (expected | {"failed"} if step.name in _MAY_GET_LOST else expected)


def test_what_cannot_be_done_is_buried_once(fate: Fate, step: Step) -> None:
    assert fate.dead_letters == (1 if step.need in _IS_BURIED else 0)


def test_nothing_is_left_in_redis(aftermath: Aftermath) -> None:
    assert aftermath.left_in_redis == {}
