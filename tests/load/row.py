"""One line of the table."""

import operator
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Promise:
    """A bound on a figure, or on its ratio to the reference."""

    sign: str
    limit: float
    of_ratio: bool = False

    def is_kept(self, row: "Row") -> bool:
        """Say whether a row keeps it."""
        value = row.ratio if self.of_ratio else row.measured
        return value is not None and _COMPARISONS[self.sign](value, self.limit)

    def __str__(self) -> str:
        return f"{self.sign} {self.limit:g}{'x' if self.of_ratio else ''}"


_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "≤": operator.le,
    "≥": operator.ge,
    "<": operator.lt,
}


@dataclass(frozen=True)
class Row:
    """One figure, what it is compared with, and what was promised.

    `reference` is the same figure of the reference, measured in the same run.
    """

    what: str
    measured: float
    unit: str
    reference: float | None = None
    promise: Promise | None = None

    @property
    def ratio(self) -> float | None:
        """How many times the reference it is."""
        return self.measured / self.reference if self.reference else None

    @property
    def kept(self) -> bool | None:
        """Whether what was promised holds; None where nothing was."""
        return self.promise.is_kept(self) if self.promise else None
