"""A child that is started again when it dies."""

import time
from collections.abc import Callable
from datetime import timedelta

from wearon_devkit.processes.child import Child

RESTART_AFTER = timedelta(seconds=1)
# A child that lived this long was well: its next death begins a new count.
QUICK_DEATH = timedelta(seconds=10)
QUICK_RESTARTS = 5


class KeptAlive:
    """Restarts a child a second after it died, like `restart: unless-stopped`, but not for ever."""

    def __init__(
        self,
        child: Child,
        report: Callable[[str], None],
        restart_after: timedelta = RESTART_AFTER,
        quick_restarts: int = QUICK_RESTARTS,
    ) -> None:
        self.child = child
        self._report = report
        self._restart_after_s = restart_after.total_seconds()
        self._quick_restarts_allowed = quick_restarts
        self._quick_restarts = 0
        self._restart_at_s: float | None = None

    def revive(self) -> bool:
        """Take the next step towards a running child, without waiting; say whether it was started again.

        Raises `ChildFailed` when it died right after each of the restarts allowed.
        """
        if self.child.exit_status() is None:
            return False
        if self._restart_at_s is None:
            self._plan_restart()
        elif time.monotonic() >= self._restart_at_s:
            self._restart_at_s = None
            self.child.start()
            return True
        return False

    def _plan_restart(self) -> None:
        died_quickly = self.child.age_s < QUICK_DEATH.total_seconds()
        self._quick_restarts = self._quick_restarts + 1 if died_quickly else 1
        if self._quick_restarts > self._quick_restarts_allowed:
            self.child.require_running()
        self._restart_at_s = time.monotonic() + self._restart_after_s
        self._report(f"{self.child.name} ended with status {self.child.exit_status()}: starting it again")
