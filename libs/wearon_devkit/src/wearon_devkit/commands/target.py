"""Which server a command works on: that of a local run, or one that the environment names."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from wearon_devkit.environment import Environment
from wearon_devkit.run_failed import RunFailed
from wearon_devkit.run_folder import ENVIRONMENT


class TargetUnknown(RunFailed):
    """Neither a local run nor the environment says where the server is."""


@dataclass(frozen=True)
class Target:
    """A server's URL, which holds its password, and where that was written."""

    url: str
    source: str

    @classmethod
    def find(cls, variable: str, directory: Path) -> Self:
        """Read `variable` from DIRECTORY/env while a run is there, from the environment otherwise.

        Raises `TargetUnknown`.
        """
        local = directory / ENVIRONMENT
        if local.exists():
            return cls(_read(local)[variable], str(local))
        if url := os.environ.get(variable):
            return cls(url, "the environment")
        raise TargetUnknown(f"there is no {local}, and {variable} is not set")


def _read(local: Path) -> dict[str, str]:
    try:
        return Environment.read(local).as_variables()
    except (OSError, TypeError, ValueError) as error:
        raise TargetUnknown(f"{local} is not what a run of this release writes") from error
