from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from wearon_sizing.fitting.accuracy import sizes_of
from wearon_sizing.fitting.bodies import Bodies
from wearon_sizing.fitting.calibrate import cues_of, fit_spread
from wearon_sizing.fitting.cross_validation import Unseen
from wearon_sizing.fitting.fit import log_shares
from wearon_sizing.fitting.ridge import folds_of
from wearon_sizing.measurement.spread import chest_spread, mix_spreads
from wearon_sizing.measurement.variant import Variant
from wearon_sizing.measurement.variant_pair import VariantPair
from wearon_sizing.sizes import SizeAdvice, SizeChart, advise_size

FloatVector = NDArray[np.float64]

_BINS = 10
_FOLDS = 5
_SIDE_PX, _MARGIN_PX = 480, 60
_BAR, _LINE, _INK = "#4c78a8", "#c44e52", "#333333"


@dataclass(frozen=True, slots=True)
class Bin:
    """People told about the same confidence: the mean they were told, and the share whose size was right."""

    people: int
    told: float
    right: float


@dataclass(frozen=True, slots=True)
class Reliability:
    """How confidences compare with what came true; `range_holds`: share of true sizes in the range told."""

    bins: list[Bin]
    range_holds: float
    single_sizes: float

    @property
    def calibration_error(self) -> float:
        """The expected calibration error, 0..1."""
        people = sum(found.people for found in self.bins)
        return sum(found.people * abs(found.told - found.right) for found in self.bins) / people


def measure_reliability(pair: VariantPair, bodies: Bodies, unseen: Unseen, chart: SizeChart) -> Reliability:
    """Advise every body from its out-of-fold prediction; the spread, too, is fitted to other bodies."""
    truth = log_shares(bodies.truth)[:, 0]
    outline = _unseen_spreads(pair.outline, bodies, truth - unseen.outline[:, 0])
    shaded = _unseen_spreads(pair.shaded, bodies, truth - unseen.shaded[:, 0])
    spreads = map(mix_spreads, outline.tolist(), shaded.tolist(), unseen.trust.tolist())
    chests_cm = np.exp(unseen.told[:, 0]) * bodies.height_cm
    advice = [
        advise_size(chest_cm, spread, chart)
        for chest_cm, spread in zip(chests_cm.tolist(), spreads, strict=True)
    ]
    return _compare(advice, bodies, chart)


def _unseen_spreads(variant: Variant, bodies: Bodies, errors: FloatVector) -> FloatVector:
    cues = cues_of(variant, bodies)
    spreads = np.zeros(len(errors))
    for group in folds_of(len(errors), _FOLDS, seed=2):
        others = np.setdiff1d(np.arange(len(errors)), group)
        spread = fit_spread([cues[row] for row in others], errors[others])
        spreads[group] = [chest_spread(spread, cues[row]) for row in group]
    return spreads


def draw_reliability(reliability: Reliability, path: Path) -> None:
    """Draw the reliability diagram as a PNG: on the diagonal, what was told came true."""
    side = _SIDE_PX + 2 * _MARGIN_PX
    picture = Image.new("RGB", (side, side), "white")
    draw = ImageDraw.Draw(picture)
    for found in reliability.bins:
        (left, top), (right, bottom) = _place(found.told - 0.035, found.right), _place(found.told + 0.035, 0)
        draw.rectangle((left, top, right, bottom), fill=_BAR)
        draw.text((left, top - 14), str(found.people), fill=_INK)
    draw.line((*_place(0, 0), *_place(1, 1)), fill=_LINE, width=2)
    draw.rectangle((*_place(0, 1), *_place(1, 0)), outline=_INK)
    for tick in np.linspace(0, 1, 6).tolist():
        draw.text((_place(tick, 0)[0] - 8, _place(0, 0)[1] + 8), f"{tick:.1f}", fill=_INK)
        draw.text((_place(0, 0)[0] - 28, _place(0, tick)[1] - 6), f"{tick:.1f}", fill=_INK)
    draw.text((_place(0.3, 0)[0], side - 24), "confidence told (people above each bar)", fill=_INK)
    draw.text((_MARGIN_PX, 20), "share whose recommended size was right", fill=_INK)
    picture.save(path)


def _compare(advice: list[SizeAdvice], bodies: Bodies, chart: SizeChart) -> Reliability:
    true = sizes_of(bodies.truth["chest_cm"], chart)
    told = np.array([one.confidence for one in advice])
    right = np.array([chart.sizes.index(one.size) for one in advice]) == true
    lower = np.array([chart.sizes.index(one.size_range.lower) for one in advice])
    upper = np.array([chart.sizes.index(one.size_range.upper) for one in advice])
    return Reliability(
        bins=_bins(told, right),
        range_holds=float(((lower <= true) & (true <= upper)).mean()),
        single_sizes=float((lower == upper).mean()),
    )


def _bins(told: FloatVector, right: NDArray[np.bool_]) -> list[Bin]:
    places = (told * _BINS).astype(int).clip(max=_BINS - 1)
    members = [places == place for place in np.unique(places)]
    return [Bin(int(m.sum()), float(told[m].mean()), float(right[m].mean())) for m in members]


def _place(told: float, right: float) -> tuple[float, float]:
    return _MARGIN_PX + told * _SIDE_PX, _MARGIN_PX + (1 - right) * _SIDE_PX
