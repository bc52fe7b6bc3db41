import pytest

from wearon_sizing.sizes import CHEST_CHART, BodyType, body_type_of


@pytest.mark.parametrize(
    ("chest_cm", "size"),
    [
        (40, "XS"), (84, "XS"), (84.01, "S"), (92, "S"), (92.01, "M"), (100, "M"),
        (100.01, "L"), (108, "L"), (108.01, "XL"), (116, "XL"), (116.01, "XXL"), (250, "XXL"),
    ],
)  # fmt: skip
def test_a_limit_of_the_chart_belongs_to_the_smaller_size(chest_cm: float, size: str) -> None:
    assert CHEST_CHART.size_of(chest_cm) == size


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
