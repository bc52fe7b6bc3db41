"""What to run, how to know that it is ready, and how to end it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from signal import Signals

from wearon_devkit.processes.account import Account


@dataclass(frozen=True)
class Program:
    """One program of the local platform.

    `command` begins with an absolute path. `environment` is added to our own. `parting_signal` is what it
    gets when we are killed and can no longer stop it with `stop_signal`.
    """

    name: str
    command: tuple[str, ...]
    is_ready: Callable[[], bool]
    environment: Mapping[str, str] = field(default_factory=dict)
    account: Account | None = None
    ready_within: timedelta = timedelta(seconds=60)
    stop_signal: Signals = Signals.SIGTERM
    stop_within: timedelta = timedelta(seconds=10)
    parting_signal: Signals = Signals.SIGKILL
