"""`wearon-dev` as a process, the way a script uses it."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

STARTED_WITHIN_S = 60


class WearonDev:
    """A started `wearon-dev`."""

    def __init__(self, directory: Path, arguments: Sequence[str]) -> None:
        self.directory = directory
        script = Path(sys.executable).with_name("wearon-dev")
        self.process = subprocess.Popen(  # noqa: S603 - it is ours
            [script, *arguments, "--dir", directory],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def ready_line(self) -> str:
        """Wait for the line that says that all is ready."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError(f"wearon-dev ended before it was ready: {self.end()}")
        return line

    def pids(self) -> dict[str, int]:
        """Return the process id of each child."""
        pids: dict[str, int] = json.loads((self.directory / "pids.json").read_text())
        return pids

    def end(self) -> tuple[int, str, str]:
        """Wait for the end; return the exit status and what else was said on stdout and stderr."""
        stdout, stderr = self.process.communicate(timeout=STARTED_WITHIN_S)
        return self.process.returncode, stdout, stderr


@contextmanager
def wearon_dev(directory: Path, *arguments: str) -> Iterator[WearonDev]:
    """Start `wearon-dev ARGUMENTS --dir DIRECTORY`, and make sure that it ends."""
    started = WearonDev(directory, arguments)
    try:
        yield started
    finally:
        started.process.terminate()
        started.process.communicate(timeout=STARTED_WITHIN_S)
