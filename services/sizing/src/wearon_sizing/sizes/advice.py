import math
from dataclasses import dataclass
from statistics import NormalDist

from wearon_sizing.sizes.chart import SizeChart

# Clients show one size from this confidence on, a range below it; so the range holds this share of the odds.
_RANGE_ODDS = 0.8


@dataclass(frozen=True, slots=True)
class SizeRange:
    """The smallest run of sizes that holds 80 % of the odds; one size when `lower` is `upper`."""

    lower: str
    upper: str


@dataclass(frozen=True, slots=True)
class SizeAdvice:
    """A size, the probability (0..1) that it is the true one, and the range to try when that is below 0.8."""

    size: str
    confidence: float
    size_range: SizeRange


def advise_size(chest_cm: float, chest_spread: float, chart: SizeChart) -> SizeAdvice:
    """Choose a size for an estimated chest girth.

    The logarithm of the true girth is taken as normally distributed around that of the estimate,
    `chest_spread` being its standard deviation.
    """
    size = chart.size_of(chest_cm)
    odds = _size_odds(NormalDist(math.log(chest_cm), chest_spread), chart)
    return SizeAdvice(size, _round_down(odds[size]), _range_around(size, odds))


def _size_odds(log_girth: NormalDist, chart: SizeChart) -> dict[str, float]:
    return {
        band.size: _odds_below(log_girth, band.up_to_cm) - _odds_below(log_girth, band.over_cm)
        for band in chart.bands()
    }


def _odds_below(log_girth: NormalDist, girth_cm: float) -> float:
    if girth_cm <= 0:
        return 0.0
    return log_girth.cdf(math.log(girth_cm)) if girth_cm < math.inf else 1.0


def _range_around(size: str, odds: dict[str, float]) -> SizeRange:
    """Return the shortest run of sizes with `size` in it that holds the wanted odds."""
    sizes = list(odds)
    for length in range(1, len(sizes)):
        runs = [sizes[start : start + length] for start in range(len(sizes) - length + 1)]
        best = max((run for run in runs if size in run), key=lambda run: _odds_of(run, odds))
        if _odds_of(best, odds) >= _RANGE_ODDS:
            return SizeRange(best[0], best[-1])
    return SizeRange(sizes[0], sizes[-1])


def _odds_of(run: list[str], odds: dict[str, float]) -> float:
    return sum(odds[size] for size in run)


def _round_down(probability: float) -> float:
    # Down, so that 0.7999 beside a range of two sizes is not told as 0.8.
    return math.floor(probability * 1000) / 1000
