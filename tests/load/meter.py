"""What processes cost while they work."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import psutil

from wearon_devkit.processes.child import Child

_MIB = 1024 * 1024


@dataclass(frozen=True)
class Reading:
    """What some processes have used so far: seconds of CPU in all, and the memory that they hold now."""

    cpu_s: float
    rss_mib: float


@dataclass
class Meter:
    """Reads the processes of a kind, their children included."""

    children: Sequence[Child]
    _known: dict[int, psutil.Process] = field(default_factory=dict)

    def read(self) -> Reading:
        """Read them now."""
        processes = [process for child in self.children for process in self._with_descendants(child.pid)]
        return Reading(
            cpu_s=sum(sum(process.cpu_times()[:4]) for process in processes),
            rss_mib=sum(process.memory_info().rss for process in processes) / _MIB,
        )

    def _with_descendants(self, pid: int) -> list[psutil.Process]:
        process = self._known.setdefault(pid, psutil.Process(pid))
        return [process, *process.children(recursive=True)]
