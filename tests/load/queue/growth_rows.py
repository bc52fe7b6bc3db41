"""Figures at several sizes, each against the same one at the smallest."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from load.row import Promise, Row

_FLAT = Promise("≤", 1.5, of_ratio=True)


@dataclass(frozen=True)
class Figure:
    """A figure, and whether it is promised to be flat."""

    value: float
    unit: str
    flat: bool = True


def growth_rows(by_size: Mapping[str, Mapping[str, Figure]]) -> Iterator[Row]:
    """Give the rows figure by figure, so that the sizes of one stand below each other."""
    smallest = next(iter(by_size.values()))
    for what, first in smallest.items():
        for size, figures in by_size.items():
            figure = figures[what]
            reference = None if figure is first else first.value
            promise = _FLAT if figure.flat and reference is not None else None
            yield Row(f"{what}, {size}", figure.value, figure.unit, reference, promise)
