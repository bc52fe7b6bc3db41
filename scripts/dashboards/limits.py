"""Where a value stops being good: drawn as lines in graphs, and as the colour of a number."""

from dataclasses import dataclass

_GOOD, _DOUBTFUL, _BAD = "green", "orange", "red"


@dataclass(frozen=True)
class Limits:
    """Colours from a value upwards; the first holds from minus infinity."""

    steps: tuple[tuple[float | None, str], ...] = ((None, _GOOD),)

    def as_json(self) -> dict[str, object]:
        """Return Grafana's thresholds."""
        return {
            "mode": "absolute",
            "steps": [{"value": value, "color": color} for value, color in self.steps],
        }

    @property
    def are_drawn(self) -> bool:
        """Whether there is a limit at all."""
        return len(self.steps) > 1


NONE = Limits()


def at_most(bad: float, doubtful: float | None = None) -> Limits:
    """Return limits of what should stay small: `bad` is the alert's own."""
    between = () if doubtful is None else ((doubtful, _DOUBTFUL),)
    return Limits(((None, _GOOD), *between, (bad, _BAD)))


def at_least(good: float, doubtful: float | None = None) -> Limits:
    """Return limits of what should stay great: below `good` it is doubtful, below `doubtful` bad."""
    between = () if doubtful is None else ((doubtful, _DOUBTFUL),)
    return Limits(((None, _BAD), *between, (good, _GOOD)))
