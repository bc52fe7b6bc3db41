"""Starting, watching, restarting and stopping child processes."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from processes import is_running, wait_for

from wearon_devkit.processes.child import Child, ChildFailed, running
from wearon_devkit.processes.kept_alive import QUICK_RESTARTS, KeptAlive
from wearon_devkit.processes.program import Program
from wearon_devkit.run_folder import FolderRefused, RunFolder


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[RunFolder]:
    with RunFolder.claim(tmp_path / "run") as folder:
        yield folder


def python(code: str, name: str = "child", *, ready: bool = True, within_s: float = 10) -> Program:
    within = timedelta(seconds=within_s)
    command = (sys.executable, "-I", "-S", "-u", "-c", code)
    return Program(name, command, lambda: ready, ready_within=within, stop_within=within)


def sleeper(name: str = "child") -> Program:
    return python("import time; time.sleep(60)", name)


def log_of(folder: RunFolder, name: str = "child") -> str:
    return folder.log(name).read_text()


def test_children_are_stopped_when_the_context_ends(folder: RunFolder) -> None:
    with running([sleeper("one"), sleeper("two")], folder) as children:
        pids = [child.pid for child in children]
        assert all(is_running(pid) for pid in pids)
    assert not any(is_running(pid) for pid in pids)


def test_children_that_started_are_stopped_when_the_next_cannot_start(tmp_path: Path) -> None:
    with RunFolder.claim(tmp_path / "run") as folder:
        folder.log("two").mkdir()
        with pytest.raises(IsADirectoryError), running([sleeper("one"), sleeper("two")], folder):
            pass
    with RunFolder.claim(tmp_path / "run"):
        pass  # refused if the first one lived


def test_a_child_that_ignores_its_stop_signal_is_killed(folder: RunFolder) -> None:
    code = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf'); time.sleep(60)"
    with running([python(code, within_s=0.2)], folder) as [child]:
        assert wait_for(lambda: "deaf" in log_of(folder))
    assert child.exit_status() == -signal.SIGKILL


def test_a_child_that_ends_before_it_is_ready_is_named_with_the_end_of_its_log(folder: RunFolder) -> None:
    failing = python("print('no such model'); raise SystemExit(3)", "sizing", ready=False)
    message = r"sizing ended with status 3(.|\n)*no such model"
    with running([failing], folder) as [child], pytest.raises(ChildFailed, match=message):
        child.wait_until_ready()


def test_a_child_that_never_gets_ready_is_given_up(folder: RunFolder) -> None:
    slow = python("import time; time.sleep(60)", ready=False, within_s=0.2)
    with running([slow], folder) as [child], pytest.raises(ChildFailed, match="was not ready within"):
        child.wait_until_ready()


def test_a_child_that_is_killed_while_it_should_run_is_noticed(folder: RunFolder) -> None:
    with running([sleeper()], folder) as [child]:
        child.require_running()
        os.kill(child.pid, signal.SIGKILL)
        assert wait_for(lambda: child.exit_status() is not None)
        with pytest.raises(ChildFailed, match="ended with status -9"):
            child.require_running()


def test_a_service_that_dies_is_started_again_after_a_second_with_one_line(folder: RunFolder) -> None:
    lines: list[str] = []
    with running([sleeper("generator-1")], folder) as [child]:
        kept, first_pid = KeptAlive(child, lines.append), child.pid
        os.kill(first_pid, signal.SIGKILL)
        died_s = time.monotonic()
        assert wait_for(kept.revive)
        assert time.monotonic() - died_s >= 1
        assert is_running(child.pid)
        assert child.pid != first_pid
    assert lines == ["generator-1 ended with status -9: starting it again"]


def test_a_service_that_keeps_dying_is_given_up(folder: RunFolder) -> None:
    lines: list[str] = []
    with running([python("print('broken'); raise SystemExit(1)")], folder) as [child]:
        kept = KeptAlive(child, lines.append, restart_after=timedelta(milliseconds=20))
        with pytest.raises(ChildFailed, match="ended with status 1"):
            wait_for(lambda: kept.revive() is None)
    assert len(lines) == QUICK_RESTARTS
    assert log_of(folder).count("broken") == 1 + QUICK_RESTARTS


def test_a_folder_holds_one_run_at_a_time(folder: RunFolder) -> None:
    with pytest.raises(FolderRefused, match="already running"), RunFolder.claim(folder.path):
        pass


def test_a_folder_is_not_free_while_a_child_of_its_last_run_lives(tmp_path: Path) -> None:
    with RunFolder.claim(tmp_path / "run") as folder:
        left_over = Child(sleeper(), folder)
    with pytest.raises(FolderRefused), RunFolder.claim(tmp_path / "run"):
        pass
    left_over.ask_to_stop()
    left_over.ensure_stopped()
    with RunFolder.claim(tmp_path / "run"):
        pass


def test_a_folder_with_other_peoples_files_is_refused_and_left_alone(tmp_path: Path) -> None:
    precious = tmp_path / "logs"
    precious.mkdir()
    with pytest.raises(FolderRefused, match="not empty"), RunFolder.claim(tmp_path):
        pass
    assert precious.exists()


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FolderRefused, match="cannot be used"), RunFolder.claim(tmp_path / "file" / "run"):
        pass


def test_a_new_run_begins_empty_and_an_ended_one_keeps_its_logs(tmp_path: Path) -> None:
    with RunFolder.claim(tmp_path / "run") as folder:
        folder.publish("NAME=value\n", {"valkey": 1})
        folder.log("valkey").write_text("hello")
    assert not (tmp_path / "run" / "env").exists()
    assert folder.log("valkey").exists()
    with RunFolder.claim(tmp_path / "run"):
        assert not (tmp_path / "run" / "logs").exists()


def test_what_is_published_is_for_the_owner_alone(folder: RunFolder) -> None:
    folder.publish("NAME=value\n", {"valkey": 1})
    assert (folder.path / "env").stat().st_mode & 0o777 == 0o600
    assert (folder.path / "env").read_text() == "NAME=value\n"
