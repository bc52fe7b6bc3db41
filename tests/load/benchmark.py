"""What every benchmark is given, and what it is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from load.row import Row


@dataclass(frozen=True)
class Bench:
    """A run of the benchmarks.

    `full` asks for the long form; `directory` is for files of the run; `tell` shows what is being done.
    """

    full: bool
    seed: int
    directory: Path
    tell: Callable[[str], None]


@dataclass(frozen=True)
class Benchmark:
    """One measurement with its references: gives rows as they become known."""

    name: str
    title: str
    measure: Callable[[Bench], Iterator[Row]]
