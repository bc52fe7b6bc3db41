"""How long an answer takes."""

import random
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class LatencyRange:
    """The seconds from a request's arrival to its answer, drawn evenly from shortest to longest."""

    shortest_s: float
    longest_s: float

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `0.5` (fixed) or `20-30` (a range), both in seconds.

        Raises ValueError: the text is neither, or the range runs backwards or below zero.
        """
        shortest, _, longest = text.partition("-")
        latency = cls(float(shortest), float(longest or shortest))
        if not 0 <= latency.shortest_s <= latency.longest_s:
            raise ValueError(f"latency must be seconds like 0.5 or a range like 20-30, got {text!r}")
        return latency

    def __str__(self) -> str:
        return f"{self.shortest_s:g}-{self.longest_s:g}"

    def draw_s(self, dice: random.Random) -> float:
        """Return one latency in seconds."""
        return dice.uniform(self.shortest_s, self.longest_s)
