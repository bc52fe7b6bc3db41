"""The folder that one run of the local platform lives in."""

import fcntl
import json
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self, TextIO

from wearon_devkit.run_failed import RunFailed

LOCK = "wearon-dev.lock"
ENVIRONMENT = "env"
PIDS = "pids.json"
# Of use only while the run lives.
OF_THE_RUN = (ENVIRONMENT, PIDS, "postgres", "valkey")
# Worth a look afterwards; gone when the next run begins.
OF_THE_LAST_RUN = ("logs", "storage", "openai", "prometheus")
# Children of a killed run need a moment to follow it.
PATIENCE_S = 1.0


class FolderRefused(RunFailed):
    """The folder cannot hold a run; the message says why."""


@dataclass(frozen=True)
class RunFolder:
    """A folder that holds one run at a time; every run begins empty.

    `lock` is a locked file descriptor. The children of the run keep it too, so that the folder is free only
    when the last of them has gone.
    """

    path: Path
    lock: int

    @classmethod
    @contextmanager
    def claim(cls, path: Path) -> Iterator[Self]:
        """Take the folder, made if needed, for as long as the context lasts.

        Raises `FolderRefused` if a run is in it, or if it holds something that no run has put there.
        """
        path = path.resolve()
        with _open_lock(path) as lock:
            _wait_for(lock, path)
            _remove(path, OF_THE_RUN + OF_THE_LAST_RUN)
            try:
                yield cls(path, lock.fileno())
            finally:
                _remove(path, OF_THE_RUN)

    def log(self, name: str) -> Path:
        """Return where the program `name` logs."""
        return self.folder("logs") / f"{name}.log"

    def folder(self, name: str) -> Path:
        """Return the subfolder `name`, made if needed."""
        folder = self.path / name
        folder.mkdir(exist_ok=True)
        return folder

    def publish(self, environment: str, pids: Mapping[str, int]) -> None:
        """Write down how to reach the run, as `NAME=value` lines, and the process id of each child."""
        self._write(PIDS, json.dumps(pids, indent=2) + "\n")
        self._write(ENVIRONMENT, environment)

    def _write(self, name: str, text: str) -> None:
        # Whole or not at all, and for nobody else: there are keys in it.
        draft = self.path / f"{name}.draft"
        draft.unlink(missing_ok=True)
        draft.touch(mode=0o600)
        draft.write_text(text)
        draft.replace(self.path / name)


def _open_lock(path: Path) -> TextIO:
    try:
        path.mkdir(parents=True, exist_ok=True)
        if any(path.iterdir()) and not (path / LOCK).exists():
            raise FolderRefused(f"{path} is not empty, and nothing in it says that it belongs to wearon-dev")
        return (path / LOCK).open("a")
    except OSError as error:
        raise FolderRefused(f"{path} cannot be used: {error.strerror}") from error


def _wait_for(lock: TextIO, path: Path) -> None:
    give_up_s = time.monotonic() + PATIENCE_S
    while not _try(lock):
        if time.monotonic() > give_up_s:
            raise FolderRefused(f"wearon-dev is already running in {path}")
        time.sleep(0.05)


def _try(lock: TextIO) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _remove(path: Path, names: tuple[str, ...]) -> None:
    for name in names:
        if (path / name).is_dir():
            _remove_tree(path / name)
        else:
            (path / name).unlink(missing_ok=True)


def _remove_tree(path: Path) -> None:
    """Remove a folder in which a child of a program that was just killed may still be writing."""
    give_up_s = time.monotonic() + PATIENCE_S
    while path.exists():
        try:
            shutil.rmtree(path)
        except OSError:
            if time.monotonic() > give_up_s:
                raise
            time.sleep(0.05)
