import pytest
from hypothesis import given
from hypothesis import strategies as st

from wearon_sizing.sizes import CHEST_CHART, SizeAdvice, advise_size

chests_cm = st.floats(min_value=30, max_value=250)
errors_cm = st.floats(min_value=0.1, max_value=30)
visibilities = st.floats(min_value=0, max_value=1)


def advise(chest_cm: float, sd_cm: float, visibility: float = 1) -> SizeAdvice:
    return advise_size(chest_cm, sd_cm, visibility, CHEST_CHART)


def is_single(advice: SizeAdvice) -> bool:
    return advice.size_range.lower == advice.size_range.upper


@given(chests_cm, errors_cm, visibilities)
def test_one_size_is_offered_exactly_from_a_confidence_of_80_percent(
    chest_cm: float, sd_cm: float, visibility: float
) -> None:
    advice = advise(chest_cm, sd_cm, visibility)
    assert is_single(advice) == (advice.confidence >= 0.8)


@given(chests_cm, errors_cm, visibilities)
def test_the_range_holds_the_recommended_size(chest_cm: float, sd_cm: float, visibility: float) -> None:
    advice = advise(chest_cm, sd_cm, visibility)
    lower, size, upper = (
        CHEST_CHART.sizes.index(name)
        for name in (advice.size_range.lower, advice.size, advice.size_range.upper)
    )
    assert lower <= size <= upper
    assert 0 <= advice.confidence <= 1


def test_the_middle_of_a_band_is_surer_than_its_edge() -> None:
    assert advise(96, sd_cm=4).confidence > advise(92.1, sd_cm=4).confidence


def test_a_body_that_is_seen_badly_is_less_sure() -> None:
    assert advise(96, sd_cm=4, visibility=0.7).confidence < advise(96, sd_cm=4).confidence


def test_a_small_error_in_the_middle_of_a_band_gives_one_size() -> None:
    advice = advise(96, sd_cm=2)
    assert (advice.size, is_single(advice)) == ("M", True)
    assert advice.confidence == pytest.approx(0.954, abs=0.001)  # within two standard deviations


def test_a_confidence_just_below_80_percent_is_not_rounded_up_to_it() -> None:
    advice = advise(96, sd_cm=4 / 1.2807)
    assert (advice.confidence, is_single(advice)) == (0.799, False)  # of 0.7997


def test_an_edge_between_two_sizes_gives_both() -> None:
    advice = advise(100.1, sd_cm=2)
    assert (advice.size_range.lower, advice.size, advice.size_range.upper) == ("M", "L", "L")


def test_a_body_that_is_hardly_seen_gets_the_whole_chart() -> None:
    advice = advise(96, sd_cm=1, visibility=0.5)
    assert (advice.size_range.lower, advice.size_range.upper) == ("XS", "XXL")
