"""WearOn's own services as processes, each told what a test wants it to be told."""

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from signal import SIGKILL, SIGTERM, Signals
from typing import Any
from uuid import UUID

import httpx
from processes import wait_for

from wearon_devkit.environment import Environment
from wearon_devkit.processes.child import Child, running
from wearon_devkit.run_folder import RunFolder
from wearon_devkit.services import INSTALLED_SCRIPTS, Service


@dataclass(frozen=True)
class ServiceProcess:
    """A started service."""

    child: Child
    url: str
    log: Path

    def health(self) -> httpx.Response:
        """Ask for GET /health."""
        return httpx.get(f"{self.url}/health", timeout=5, trust_env=False)

    def stop(self, signal: Signals = SIGTERM) -> tuple[int | None, float]:
        """Send a signal; give the exit status and how many seconds the service took to end."""
        began_s = time.monotonic()
        os.kill(self.child.pid, signal)
        assert wait_for(lambda: self.child.exit_status() is not None, 30), "it did not stop"
        return self.child.exit_status(), time.monotonic() - began_s

    def lines(self) -> list[str]:
        """Read what it has written, line by line."""
        return self.log.read_text().splitlines()

    def events(self, name: str) -> list[dict[str, Any]]:
        """Read the log events of one name."""
        events: list[dict[str, Any]] = [json.loads(line) for line in self.lines() if line.startswith("{")]
        return [event for event in events if event["event"] == name]

    def wait_until(self, condition: Callable[[], bool], within_s: float = 30) -> None:
        """Wait for something that the service does."""
        assert wait_for(condition, within_s), "\n".join(self.lines()[-20:])

    def wait_for_event(self, name: str, times: int = 1) -> list[dict[str, Any]]:
        """Wait until an event has been logged; give all of its name."""
        self.wait_until(lambda: len(self.events(name)) >= times)
        return self.events(name)

    def wait_for_event_of(self, session_id: UUID, name: str, times: int = 1) -> list[dict[str, Any]]:
        """Wait until an event has been logged about a session; give all of its name about it."""

        def events() -> list[dict[str, Any]]:
            return [event for event in self.events(name) if event.get("session_id") == str(session_id)]

        self.wait_until(lambda: len(events()) >= times)
        return events()


@contextmanager
def service(
    kind: str, environment: Environment, directory: Path, **settings: str
) -> Iterator[ServiceProcess]:
    """Run `wearon-KIND` in an empty directory until the context ends; it is healthy when this begins."""
    with starting_service(kind, environment, directory, **settings) as process:
        process.child.wait_until_ready()
        yield process


@contextmanager
def starting_service(
    kind: str, environment: Environment, directory: Path, **settings: str
) -> Iterator[ServiceProcess]:
    """Run it likewise, but do not wait for its health: it may never come."""
    description = Service(kind, INSTALLED_SCRIPTS / f"wearon-{kind}")
    program = description.program({**environment.as_variables(), **settings})
    with RunFolder.claim(directory) as folder, running([program], folder) as [child]:
        try:
            yield ServiceProcess(child, description.url, folder.log(kind))
        finally:
            if child.exit_status() is None:
                os.kill(child.pid, SIGKILL)  # a stop in good order takes a second, and few tests are about it
