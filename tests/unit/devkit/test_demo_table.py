"""The demo's table fits a terminal of 80 columns and cuts nothing off."""

from rich.console import Console

from wearon_devkit.demo.progress import Progress
from wearon_devkit.demo.scenario import Scenario, scenario
from wearon_devkit.demo.table import ProgressTable
from wearon_devkit.producer import TryOn, uuid7
from wearon_devkit.session_state import SessionState

MESSAGE = (
    "Your image was flagged by the safety filter."
    " Please use different images that comply with content guidelines."
)
EVERYTHING = scenario(moderation=True)


def drawn(wanted: Scenario, *sessions: SessionState) -> list[str]:
    try_ons = [TryOn(wish.channel, uuid7(), []) for wish in wanted.wishes]
    console = Console(width=80)
    with console.capture() as capture:
        console.print(ProgressTable(wanted, try_ons).draw(Progress(sessions, dead_letters=1)))
    return capture.get().splitlines()


def test_a_long_message_is_shown_whole() -> None:
    completed = [SessionState("completed", "https://x", cost_usd=0.053)] * 4
    lines = drawn(EVERYTHING, *completed, SessionState("failed", error_message=MESSAGE))
    assert f"jonas in dress: {MESSAGE}" in " ".join(line.strip() for line in lines)
    assert sum("$0.053" in line for line in lines) == 4
    assert not any("…" in line for line in lines)


def test_a_try_on_that_waits_after_a_throttle_keeps_its_message_in_sight() -> None:
    waiting = SessionState("queued", error_message="This takes a little longer.")
    lines = drawn(EVERYTHING, waiting, *[SessionState("processing")] * 4)
    assert lines[-1].strip() == "amara in t-shirt: This takes a little longer."
