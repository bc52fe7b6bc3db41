"""Ctrl-C in the first second of any `wearon-dev` command."""

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from processes import processes_with, wait_for

SCRIPT = Path(sys.executable).with_name("wearon-dev")


def interrupt(arguments: list[str], when: Callable[[int], bool]) -> tuple[int, str]:
    """Press Ctrl-C as soon as `when` holds for the process; give its exit status and its complaints."""
    command = [str(SCRIPT), *arguments]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as dev:  # noqa: S603 - it is ours
        assert wait_for(lambda: when(dev.pid) or dev.poll() is not None)
        dev.send_signal(signal.SIGINT)
        _, complaints = dev.communicate(timeout=60)
    return dev.returncode, complaints


def is_importing(pid: int) -> bool:
    return "psycopg_binary" in Path(f"/proc/{pid}/maps").read_text()


def test_while_the_commands_are_being_imported_it_says_nothing() -> None:
    assert interrupt(["contracts", "--check"], is_importing) == (130, "")


@pytest.mark.parametrize("arguments", [["backing"], ["up"], ["demo"], ["chaos", "--short"]], ids=" ".join)
def test_while_servers_start_it_leaves_none_of_them(tmp_path: Path, arguments: list[str]) -> None:
    directory = tmp_path / "run"

    def is_starting(_pid: int) -> bool:
        return (directory / "logs" / "valkey.log").exists()

    ended = interrupt([*arguments, "--dir", str(directory)], is_starting)
    assert ended == (130, "wearon-dev: interrupted\n")
    assert wait_for(lambda: processes_with(str(directory)) == [])
