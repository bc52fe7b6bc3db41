import pytest

from wearon_sizing.sizes import DEFAULT_CHART, BodyType, body_type_of, load_charts


@pytest.mark.parametrize(
    ("chest_cm", "size"),
    [
        (40, "XS"), (84, "XS"), (84.01, "S"), (92, "S"), (92.01, "M"), (100, "M"),
        (100.01, "L"), (108, "L"), (108.01, "XL"), (116, "XL"), (116.01, "XXL"), (250, "XXL"),
    ],
)  # fmt: skip
def test_a_limit_of_the_chart_belongs_to_the_smaller_size(chest_cm: float, size: str) -> None:
    assert load_charts()[DEFAULT_CHART].size_of(chest_cm) == size


@pytest.mark.parametrize(
    ("name", "chest_cm", "size"),
    [
        ("en13402_men", 90, "S"), ("en13402_men", 130, "3XL"), ("en13402_men", 60, "XXS"),
        ("en13402_women", 97, "M"), ("en13402_women", 107.5, "XL"), ("en13402_women", 140, "3XL"),
    ],
)  # fmt: skip
def test_the_charts_of_the_standard_are_known_by_name(name: str, chest_cm: float, size: str) -> None:
    assert load_charts()[name].size_of(chest_cm) == size


@pytest.mark.parametrize("name", sorted(load_charts()))
def test_every_chart_rises_and_its_last_size_is_open(name: str) -> None:
    chart = load_charts()[name]
    assert list(chart.limits_cm) == sorted(set(chart.limits_cm))
    assert len(chart.sizes) == len(set(chart.sizes)) == len(chart.limits_cm) + 1


@pytest.mark.parametrize(
    ("ratio", "body_type"),
    [
        (1.30, BodyType.BROAD), (1.121, BodyType.BROAD),
        (1.12, BodyType.ATHLETIC), (1.031, BodyType.ATHLETIC),
        (1.03, BodyType.AVERAGE), (0.93, BodyType.AVERAGE),
        (0.929, BodyType.SLIM), (0.5, BodyType.SLIM),
    ],
)  # fmt: skip
def test_the_body_type_follows_the_shoulder_to_hip_ratio(ratio: float, body_type: BodyType) -> None:
    assert body_type_of(shoulder_cm=100 * ratio, hip_breadth_cm=100) is body_type
