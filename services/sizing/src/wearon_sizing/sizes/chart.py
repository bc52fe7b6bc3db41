import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class SizeBand:
    """The girths above `over_cm` up to and including `up_to_cm` that a size fits."""

    size: str
    over_cm: float
    up_to_cm: float


@dataclass(frozen=True, slots=True)
class SizeChart:
    """Sizes from small to large and the chest girth up to which each fits; the last fits everything above."""

    sizes: tuple[str, ...]
    limits_cm: tuple[float, ...]

    def size_of(self, girth_cm: float) -> str:
        """Return the size whose band holds the girth."""
        return next(band.size for band in self.bands() if girth_cm <= band.up_to_cm)

    def bands(self) -> Iterator[SizeBand]:
        """Yield the bands from small to large; together they hold every girth."""
        edges_cm = pairwise((-math.inf, *self.limits_cm, math.inf))
        for size, (over_cm, up_to_cm) in zip(self.sizes, edges_cm, strict=True):
            yield SizeBand(size, over_cm, up_to_cm)
