"""Which server a command works on: that of a local run, or one that the environment names."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Self, TypeVar

from wearon_devkit.commands.options import DEFAULT_DIRECTORY
from wearon_devkit.environment import Environment
from wearon_devkit.run_failed import RunFailed
from wearon_devkit.run_folder import ENVIRONMENT

T = TypeVar("T")


class TargetUnknown(RunFailed):
    """It is not clear which server is meant; the message says why, and how to choose."""


@dataclass(frozen=True)
class Target:
    """A server's URL, which holds its password, and where that was written."""

    url: str
    source: str

    @classmethod
    def find(
        cls,
        variable: str,
        directory: Path | None,
        *,
        from_environment: bool,
        usual_directory: Path = DEFAULT_DIRECTORY,
    ) -> Self:
        """Give the server that `variable` names, in `directory`/env or in the environment as was chosen.

        When nothing was chosen, the run in the usual directory and the environment must not contradict.
        Raises `TargetUnknown`.
        """
        if directory and from_environment:
            raise TargetUnknown("--dir and --from-environment exclude each other")
        if directory:
            return _required(cls._of_run(variable, directory), f"nothing runs in {directory}")
        if from_environment:
            return _required(cls._of_environment(variable), f"{variable} is not set")
        return cls._the_only_one(variable, usual_directory)

    @classmethod
    def _the_only_one(cls, variable: str, directory: Path) -> Self:
        local, named = cls._of_run(variable, directory), cls._of_environment(variable)
        if local and named and local.url != named.url:
            raise TargetUnknown(
                f"{local.source} and the environment name different servers in {variable};"
                f" choose with --dir {directory} or --from-environment"
            )
        return _required(local or named, f"nothing runs in {directory}, and {variable} is not set")

    @classmethod
    def _of_run(cls, variable: str, directory: Path) -> Self | None:
        run = run_in(directory)
        return cls(run.as_variables()[variable], str(directory / ENVIRONMENT)) if run else None

    @classmethod
    def _of_environment(cls, variable: str) -> Self | None:
        url = os.environ.get(variable)
        return cls(url, "the environment") if url else None


def run_in(directory: Path) -> Environment | None:
    """Tell how to reach the local run in `directory`; None: nothing runs there. Raises `TargetUnknown`."""
    path = directory / ENVIRONMENT
    try:
        return Environment.read(path) if path.exists() else None
    except (OSError, TypeError, ValueError) as error:
        raise TargetUnknown(f"{path} is not what a run of this release writes") from error


def the_run_in(directory: Path) -> Environment:
    """Tell how to reach the local run in `directory`. Raises `TargetUnknown` when nothing runs there."""
    return _required(run_in(directory), f"nothing runs in {directory}; `wearon-dev up` starts it")


def _required(target: T | None, complaint: str) -> T:
    if target is None:
        raise TargetUnknown(complaint)
    return target
