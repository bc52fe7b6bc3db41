import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wearon_sizing.sizes import DEFAULT_CHART, SizeAdvice, advise_size, load_charts

CHART = load_charts()[DEFAULT_CHART]
chests_cm = st.floats(min_value=30, max_value=250)
spreads = st.floats(min_value=0.001, max_value=0.4)
charts = st.sampled_from(sorted(load_charts()))


def advise(chest_cm: float, sd_cm: float) -> SizeAdvice:
    return advise_size(chest_cm, sd_cm / chest_cm, CHART)


def is_single(advice: SizeAdvice) -> bool:
    return advice.size_range.lower == advice.size_range.upper


@given(chests_cm, spreads, charts)
def test_one_size_is_offered_exactly_from_a_confidence_of_80_percent(
    chest_cm: float, spread: float, name: str
) -> None:
    advice = advise_size(chest_cm, spread, load_charts()[name])
    assert is_single(advice) == (advice.confidence >= 0.8)


@given(chests_cm, spreads, charts)
def test_the_range_holds_the_recommended_size(chest_cm: float, spread: float, name: str) -> None:
    chart = load_charts()[name]
    advice = advise_size(chest_cm, spread, chart)
    lower, size, upper = (
        chart.sizes.index(name) for name in (advice.size_range.lower, advice.size, advice.size_range.upper)
    )
    assert lower <= size <= upper
    assert 0 <= advice.confidence <= 1


def test_the_middle_of_a_band_is_surer_than_its_edge() -> None:
    assert advise(96, sd_cm=4).confidence > advise(92.1, sd_cm=4).confidence


def test_a_wider_spread_is_less_sure() -> None:
    assert advise(96, sd_cm=6).confidence < advise(96, sd_cm=4).confidence


def test_a_small_error_in_the_middle_of_a_band_gives_one_size() -> None:
    advice = advise(96, sd_cm=2)
    assert (advice.size, is_single(advice)) == ("M", True)
    assert advice.confidence == pytest.approx(0.954, abs=0.002)  # within two standard deviations


def test_a_confidence_just_below_80_percent_is_not_rounded_up_to_it() -> None:
    middle_cm = math.sqrt(92 * 100)  # of M, in the logarithm
    advice = advise_size(middle_cm, math.log(100 / middle_cm) / 1.2807, CHART)
    assert (advice.confidence, is_single(advice)) == (0.799, False)  # of 0.7997


def test_an_edge_between_two_sizes_gives_both() -> None:
    advice = advise(100.1, sd_cm=2)
    assert (advice.size_range.lower, advice.size, advice.size_range.upper) == ("M", "L", "L")


def test_a_body_that_is_hardly_seen_gets_nearly_the_whole_chart() -> None:
    advice = advise_size(96, 0.3, CHART)
    assert advice.confidence < 0.2
    assert CHART.sizes.index(advice.size_range.upper) - CHART.sizes.index(advice.size_range.lower) >= 4
