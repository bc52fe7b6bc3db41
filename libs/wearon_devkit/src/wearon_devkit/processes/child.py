"""A running program."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from signal import Signals

from wearon_devkit.processes import leash
from wearon_devkit.processes.program import Program
from wearon_devkit.run_failed import RunFailed
from wearon_devkit.run_folder import RunFolder

ASK_AGAIN_AFTER_S = 0.03
LOG_TAIL_LINES = 15


class ChildFailed(RunFailed):
    """A program ended, or did not become ready, although it should. The message ends with its log's tail."""

    def __init__(self, name: str, what: str, log: Path) -> None:
        tail = log.read_text(errors="replace").splitlines()[-LOG_TAIL_LINES:]
        super().__init__("\n".join([f"{name} {what}; the end of {log}:", *(f"  {line}" for line in tail)]))


class Child:
    """A program that runs as our child, writes to `logs/NAME.log` in `folder`, and dies with us.

    It dies with the *thread* that started it (prctl(2)): start children from a thread that stays.
    """

    def __init__(self, program: Program, folder: RunFolder) -> None:
        self.program = program
        self._folder = folder
        self._log = folder.log(program.name)
        self.start()

    @property
    def name(self) -> str:
        """The program's name."""
        return self.program.name

    @property
    def pid(self) -> int:
        """The process id of the latest start."""
        return self._process.pid

    @property
    def age_s(self) -> float:
        """Seconds since the latest start."""
        return time.monotonic() - self._started_s

    def start(self) -> None:
        """Start the program, for the first time or again after its end."""
        self._started_s = time.monotonic()
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - the commands are our own, and there is no shell
                _leashed(self.program),
                cwd=self._folder.path,
                env={**os.environ, **self.program.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                # Ctrl-C in a terminal is for us: the order in which children stop is ours to keep.
                start_new_session=True,
                pass_fds=[self._folder.lock],
            )

    def exit_status(self) -> int | None:
        """Return how it ended (a signal as a negative number), or None while it runs."""
        return self._process.poll()

    def require_running(self) -> None:
        """Raise `ChildFailed` if it has ended."""
        status = self.exit_status()
        if status is not None:
            raise ChildFailed(self.name, f"ended with status {status}", self._log)

    def wait_until_ready(self) -> None:
        """Wait until the program says that it is ready.

        Raises `ChildFailed` if it ends first or takes too long.
        """
        give_up_s = time.monotonic() + self.program.ready_within.total_seconds()
        while not self.program.is_ready():
            self.require_running()
            if time.monotonic() > give_up_s:
                raise ChildFailed(self.name, f"was not ready within {self.program.ready_within}", self._log)
            time.sleep(ASK_AGAIN_AFTER_S)

    def wait_until_done(self) -> None:
        """Wait for a program that ends by itself. Raises `ChildFailed` unless it ends with status 0."""
        status = self._process.wait()
        if status != 0:
            raise ChildFailed(self.name, f"ended with status {status}", self._log)

    def ask_to_stop(self) -> None:
        """Send the program its stop signal and do not wait."""
        self.send(self.program.stop_signal)

    def send(self, signal: Signals) -> None:
        """Send the program a signal, unless it has ended."""
        self._process.send_signal(signal)

    def ensure_stopped(self) -> None:
        """Wait until it has stopped; kill it when it takes longer than it may."""
        try:
            self._process.wait(self.program.stop_within.total_seconds())
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _leashed(program: Program) -> list[str]:
    # Isolated and without site-packages, the leash costs ten milliseconds.
    return [
        *(sys.executable, "-I", "-S", str(leash.__file__)),
        *(str(os.getpid()), str(int(program.parting_signal)), _account(program)),
        *program.command,
    ]


def _account(program: Program) -> str:
    account = program.account
    if account is None:
        return "same"
    return f"{account.uid}:{account.gid}" + (":reach" if account.passes_closed_folders else "")


@contextmanager
def running(programs: Sequence[Program], folder: RunFolder) -> Iterator[list[Child]]:
    """Run programs side by side, not yet ready; at the end ask all of them to stop, then wait for each."""
    children: list[Child] = []
    try:
        for program in programs:
            children.append(Child(program, folder))  # noqa: PERF401 - one that started is stopped though the next fails
        yield children
    finally:
        for child in children:
            child.ask_to_stop()
        for child in children:
            child.ensure_stopped()
