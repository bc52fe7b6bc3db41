"""Which session meets which crash."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from wearon_devkit.chaos.steps import Need, Step
from wearon_devkit.producer import TryOn, task_of


@dataclass(frozen=True)
class Case:
    """The session of one step, and the entry that the producer pushes for it."""

    step: Step
    try_on: TryOn
    entry: bytes

    @classmethod
    def of(cls, step: Step, try_on: TryOn) -> Self:
        """Write the entry as the step needs it."""
        task = task_of(try_on)
        if step.need is Need.MALFORMED:
            task["version"] = 2
        return cls(step, try_on, json.dumps(task).encode())

    @property
    def session(self) -> str:
        """The id of the session."""
        return str(self.try_on.session_id)


class CrashPlan:
    """The folder that `wearon_devkit.chaos.crash` reads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, str] = {}
        self._happened: set[str] = set()

    def add(self, case: Case, about: str | None = None) -> None:
        """Let the process die that comes to the step of a case for its session, or for what it is `about`."""
        name = about or case.session
        draft = self._folder / f"draft of {name}"
        draft.write_text(case.step.name)
        draft.rename(self._folder / name)  # a reader finds it whole
        self._files[case.step.name] = name

    def has_happened(self, case: Case) -> bool:
        """Say whether a process came to the step of a case and is dead."""
        if case.step.name not in self._happened and self._is_over(case):
            self._happened.add(case.step.name)
        return case.step.name in self._happened

    def _is_over(self, case: Case) -> bool:
        if case.step.name not in self._files:
            return False
        victims = [int(path.suffix[1:]) for path in self._folder.glob(f"{self._files[case.step.name]}.*")]
        return bool(victims) and not any(map(runs, victims))


def runs(pid: int) -> bool:
    """Say whether there is such a process."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
