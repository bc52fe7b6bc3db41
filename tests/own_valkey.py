"""A Valkey of a test's own: one that may be killed, frozen and started again."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from signal import SIGCONT, SIGKILL, SIGSTOP
from urllib.parse import urlsplit

from processes import wait_for

from wearon_devkit.embedded.valkey import Valkey
from wearon_devkit.processes.child import Child, running
from wearon_devkit.run_folder import RunFolder


@dataclass(frozen=True)
class OwnValkey:
    """A running server."""

    url: str
    child: Child

    @property
    def port(self) -> int:
        """The port on 127.0.0.1."""
        return urlsplit(self.url).port or 0

    def kill(self) -> None:
        """End it at once: connections are refused from here on."""
        os.kill(self.child.pid, SIGKILL)
        assert wait_for(lambda: self.child.exit_status() is not None)

    def start_again(self) -> None:
        """Start it again where it was."""
        self.child.start()
        self.child.wait_until_ready()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Let it accept everything and answer nothing meanwhile."""
        os.kill(self.child.pid, SIGSTOP)
        try:
            yield
        finally:
            os.kill(self.child.pid, SIGCONT)


@contextmanager
def own_valkey(directory: Path) -> Iterator[OwnValkey]:
    """Run one until the context ends."""
    with RunFolder.claim(directory) as folder:
        valkey = Valkey(folder)
        with running([valkey.server()], folder) as [child]:
            child.wait_until_ready()
            yield OwnValkey(valkey.url, child)
