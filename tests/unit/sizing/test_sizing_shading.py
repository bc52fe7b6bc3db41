import numpy as np
import pytest
from unit.sizing.sizing_figures import RGB, STATURE_PX, block_figure, block_picture, lit_picture

from wearon_sizing.measurement import Person, load_shape_model, measure_body, view_body
from wearon_sizing.measurement.shape import describe_shape
from wearon_sizing.measurement.silhouette import trace_silhouette
from wearon_sizing.measurement.variant_pair import Usual, blend

TORSO_PX = 160
MODEL = load_shape_model()
ROUND = lit_picture(TORSO_PX, 1.0)


def traits_of(picture: RGB) -> dict[str, float]:
    pose = block_figure(TORSO_PX)
    return describe_shape(pose, trace_silhouette(pose.mask), picture).traits


def shading_of(picture: RGB) -> dict[str, float]:
    return {name: value for name, value in traits_of(picture).items() if name.startswith("shade_")}


def across_waist(picture: RGB) -> float:
    """Return how fast the light falls off near the waist's middle line, in units of the legs'."""
    return shading_of(picture)["shade_side_5_1"]


def test_light_falls_off_faster_across_a_deep_trunk_than_across_a_flat_one() -> None:
    flat, middling, deep = (across_waist(lit_picture(TORSO_PX, depth)) for depth in (0.5, 0.8, 1.1))
    assert flat < middling < deep


def test_the_strength_of_the_light_does_not_count() -> None:
    weak, strong = (across_waist(lit_picture(TORSO_PX, 0.8, side=side)) for side in (0.25, 0.4))
    assert weak == pytest.approx(strong, rel=0.1)


def test_the_colour_of_clothes_does_not_count() -> None:
    white, dark = (across_waist(lit_picture(TORSO_PX, 0.8, shirt=shirt)) for shirt in (1.0, 0.5))
    assert white == pytest.approx(dark, rel=0.05)


def test_light_from_the_left_shows_what_light_from_the_right_does() -> None:
    mirrored = shading_of(np.ascontiguousarray(ROUND[:, ::-1]))
    for name, value in shading_of(ROUND).items():
        assert mirrored[name] == pytest.approx(value, abs=0.15)


def test_light_from_straight_ahead_shows_no_shading() -> None:
    traits = traits_of(lit_picture(TORSO_PX, 1.0, side=0.0))
    assert traits["light_side"] < 0.02
    assert np.isnan(traits["shade_side_5_1"])


def test_legs_that_touch_all_the_way_show_no_light() -> None:
    pose = block_figure(TORSO_PX)
    pose.mask[420:750, 220:380] = 1
    traits = describe_shape(pose, trace_silhouette(pose.mask), ROUND).traits
    assert traits["light_side"] == 0
    assert MODEL.picture.see(traits).trust == 0


@pytest.mark.parametrize("picture", [block_picture(), lit_picture(TORSO_PX, 1.0, side=0.0)])
def test_in_an_unusual_light_the_outline_alone_is_measured(picture: RGB) -> None:
    view = view_body(block_figure(TORSO_PX), picture)
    outline = MODEL.picture.outline
    shares = np.exp(outline.log_shares(outline.standardised(view.shape.traits)))
    assert MODEL.picture.see(view.shape.traits).trust == 0
    assert measure_body(view, Person(170), MODEL).chest_cm == pytest.approx(170 * shares[0])


def usual_traits() -> dict[str, float]:
    pair = MODEL.picture
    light = {name: (usual.low + usual.high) / 2 for name, usual in pair.light.items()}
    shading = {t.name: t.usual for t in pair.shaded.traits if t.name.startswith("shade_")}
    return traits_of(ROUND) | shading | light


def test_usual_shading_in_a_usual_light_is_believed() -> None:
    assert MODEL.picture.see(usual_traits()).trust == 1


@pytest.mark.parametrize("name", sorted(MODEL.picture.light))
def test_a_light_that_is_a_little_unusual_is_believed_a_little(name: str) -> None:
    usual = MODEL.picture.light[name]
    assert 0 < MODEL.picture.see(usual_traits() | {name: (usual.high + usual.most) / 2}).trust < 1
    assert MODEL.picture.see(usual_traits() | {name: usual.most + 0.01}).trust == 0


def test_shading_unlike_any_body_is_not_believed() -> None:
    printed = {
        trait.name: trait.high if place % 2 else trait.low
        for place, trait in enumerate(MODEL.picture.shaded.traits)
        if trait.name.startswith("shade_")
    }
    assert MODEL.picture.see(usual_traits() | printed).trust == 0


def test_shading_moves_no_measurement_beyond_bounds() -> None:
    moved = blend(np.zeros(2), np.array([3.0, -3.0]), trust=1.0)
    assert np.abs(moved).max() <= 0.2


def test_what_is_usual_counts_in_full_and_what_is_far_from_it_not_at_all() -> None:
    usual = Usual(least=1, low=2, high=3, most=4)
    assert [usual.share(value) for value in (0.5, 1.5, 2, 3, 3.75, 5)] == [0, 0.5, 1, 1, 0.25, 0]


@pytest.mark.parametrize("torso_px", [146, 152, 168, 174])
def test_a_trunk_ends_where_the_picture_has_its_edge(torso_px: int) -> None:
    seen = traits_of(lit_picture(torso_px, 0.8, side=0.0))["trunk_060"] * STATURE_PX
    assert abs(seen - torso_px) < abs(TORSO_PX - torso_px) / 2


def test_without_an_edge_in_the_picture_the_mask_has_the_say() -> None:
    plain = np.full((800, 600, 3), 120, np.uint8)
    assert traits_of(plain)["trunk_060"] * STATURE_PX == pytest.approx(TORSO_PX, abs=0.5)
