"""Carries out the disturbances of a schedule on a running stack."""

import os
import shutil
import signal
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from wearon_devkit.chaos.schedule import Disturbance
from wearon_devkit.openai_local.faults import FaultKind
from wearon_devkit.processes.child import Child
from wearon_devkit.provider_control import ProviderControl
from wearon_devkit.stack import Stack
from wearon_devkit.supabase_faults import SupabaseFaults
from wearon_devkit.supabase_local.faults import Kind

T = TypeVar("T")

_DATABASE, _STORAGE = "/rest/v1", "/storage/v1"
_MOST_AT_ONCE = 6  # requests spoiled by one fault


class Disturber:
    """Kills, stops, freezes and spoils; counts what it did."""

    def __init__(self, stack: Stack, directory: Path, longest_freeze: timedelta) -> None:
        self._stack = stack
        self._valkey_data = directory / "valkey"
        self._longest_freeze_s = longest_freeze.total_seconds()
        self._frozen_since_s: float | None = None
        self._thaw_at_s = 0.0
        self._supabase = SupabaseFaults(stack.environment)
        self._provider = ProviderControl(stack.environment)
        self.done: Counter[Disturbance] = Counter()
        self.freezes_s: list[float] = []

    def happen(self, what: Disturbance, dice: float) -> None:
        """Do one disturbance; `dice` (0 to 1) decides on whom, how, and how much."""
        self.done[what] += 1
        actions: dict[Disturbance, Callable[[float], None]] = {
            Disturbance.KILL_CONSUMER: lambda dice: self._signal("consumer", signal.SIGKILL, dice),
            Disturbance.KILL_GENERATOR: lambda dice: self._signal("generator", signal.SIGKILL, dice),
            Disturbance.STOP_CONSUMER: lambda dice: self._signal("consumer", signal.SIGTERM, dice),
            Disturbance.STOP_GENERATOR: lambda dice: self._signal("generator", signal.SIGTERM, dice),
            Disturbance.RESTART_REDIS: lambda _: self._restart_redis(),
            Disturbance.EMPTY_REDIS: lambda _: self._restart_redis(lose_data=True),
            Disturbance.FREEZE_REDIS: self._freeze_redis,
            Disturbance.DATABASE_FAULT: lambda dice: self._spoil(_DATABASE, dice),
            Disturbance.STORAGE_FAULT: lambda dice: self._spoil(_STORAGE, dice),
            Disturbance.PROVIDER_FAULT: self._spoil_provider,
        }
        actions[what](dice)

    def catch_up(self) -> None:
        """Thaw what has been frozen for long enough."""
        if self._frozen_since_s is not None and time.monotonic() >= self._thaw_at_s:
            self.calm()

    def calm(self) -> None:
        """Let everything run."""
        if self._frozen_since_s is not None:
            os.kill(self._valkey.pid, signal.SIGCONT)
            self.freezes_s.append(time.monotonic() - self._frozen_since_s)
            self._frozen_since_s = None

    @property
    def _valkey(self) -> Child:
        return next(child for child in self._stack.backing.children if child.name == "valkey")

    def _signal(self, kind: str, number: signal.Signals, dice: float) -> None:
        replicas = [s.child for s in self._stack.services if s.child.name.startswith(kind)]
        child = choose(replicas, dice)
        if child.exit_status() is None:
            os.kill(child.pid, number)

    def _restart_redis(self, *, lose_data: bool = False) -> None:
        self.calm()
        valkey = self._valkey
        os.kill(valkey.pid, signal.SIGKILL)
        while valkey.exit_status() is None:
            time.sleep(0.01)
        if lose_data:
            shutil.rmtree(self._valkey_data / "appendonlydir")
        valkey.start()
        valkey.wait_until_ready()

    def _freeze_redis(self, dice: float) -> None:
        self.calm()
        os.kill(self._valkey.pid, signal.SIGSTOP)
        self._frozen_since_s = time.monotonic()
        self._thaw_at_s = self._frozen_since_s + dice * self._longest_freeze_s

    def _spoil(self, path_prefix: str, dice: float) -> None:
        self._supabase.add(choose(list(Kind), dice), path_prefix, times=_times(dice), delay_s=dice)

    def _spoil_provider(self, dice: float) -> None:
        self._provider.add_fault(choose(list(FaultKind), dice), times=_times(dice))


def choose(kinds: Sequence[T], dice: float) -> T:
    """Choose one; `dice` is at least 0 and less than 1."""
    return kinds[int(dice * len(kinds))]


def _times(dice: float) -> int:
    return 1 + int(dice * 1000) % _MOST_AT_ONCE
