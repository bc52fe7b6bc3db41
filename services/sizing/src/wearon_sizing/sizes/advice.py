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


def advise_size(chest_cm: float, chest_sd_cm: float, visibility: float, chart: SizeChart) -> SizeAdvice:
    """Choose a size for an estimated chest girth.

    The true girth is taken as normally distributed around the estimate with the fit's residual error. What is
    missing of `visibility` (0..1) counts for no size at all: a body that is hardly seen gets the whole chart.
    """
    size = chart.size_of(chest_cm)
    odds = _size_odds(NormalDist(chest_cm, chest_sd_cm), visibility, chart)
    return SizeAdvice(size, _round_down(odds[size]), _range_of(odds))


def _size_odds(girth_cm: NormalDist, visibility: float, chart: SizeChart) -> dict[str, float]:
    return {
        band.size: visibility * (girth_cm.cdf(band.up_to_cm) - girth_cm.cdf(band.over_cm))
        for band in chart.bands()
    }


def _range_of(odds: dict[str, float]) -> SizeRange:
    sizes = list(odds)
    for length in range(1, len(sizes)):
        runs = [sizes[start : start + length] for start in range(len(sizes) - length + 1)]
        best = max(runs, key=lambda run: _odds_of(run, odds))
        if _odds_of(best, odds) >= _RANGE_ODDS:
            return SizeRange(best[0], best[-1])
    return SizeRange(sizes[0], sizes[-1])


def _odds_of(run: list[str], odds: dict[str, float]) -> float:
    return sum(odds[size] for size in run)


def _round_down(probability: float) -> float:
    # Down, so that 0.7999 beside a range of two sizes is not told as 0.8.
    return math.floor(probability * 1000) / 1000
