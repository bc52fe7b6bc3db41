from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from unit.sizing.sizing_figures import block_figure, block_picture, turned

from wearon_sizing.measurement import Body, Person, Sex, View, load_shape_model, measure_body, view_body
from wearon_sizing.measurement.doubt import doubt_factor

MODEL = load_shape_model()
GIRTHS = ("chest_cm", "waist_cm", "hip_cm")


def view(width_px: int = 150) -> View:
    return view_body(block_figure(width_px), block_picture())


def measure(view: View, height_cm: float = 170, weight_kg: float | None = None) -> Body:
    return measure_body(view, Person(height_cm, weight_kg), MODEL)


VIEW = view()


def test_every_measurement_grows_with_the_stature() -> None:
    short, tall = measure(VIEW, 160), measure(VIEW, 200)
    for name in (*GIRTHS, "shoulder_cm", "inseam_cm", "hip_breadth_cm"):
        assert getattr(tall, name) == pytest.approx(1.25 * getattr(short, name))


def test_a_wider_torso_has_larger_girths() -> None:
    slim, heavy = measure(view(120)), measure(view(180))
    assert all(getattr(heavy, name) > getattr(slim, name) for name in GIRTHS)


def test_a_heavier_person_has_larger_girths() -> None:
    light, heavy = measure(VIEW, weight_kg=55), measure(VIEW, weight_kg=95)
    assert all(getattr(heavy, name) > getattr(light, name) for name in GIRTHS)


@pytest.mark.parametrize("weight_kg", [25, 190, 300])
def test_a_weight_that_cannot_be_this_bodys_counts_for_nothing(weight_kg: float) -> None:
    assert measure(VIEW, weight_kg=weight_kg) == measure(VIEW)


def test_a_known_weight_makes_the_chest_surer() -> None:
    assert measure(VIEW, weight_kg=70).chest_spread < measure(VIEW).chest_spread


def test_a_known_sex_changes_little() -> None:
    bodies = [measure_body(VIEW, Person(170, sex=sex), MODEL) for sex in (None, *Sex)]
    assert max(body.chest_cm for body in bodies) - min(body.chest_cm for body in bodies) < 2


@settings(deadline=None)  # a busy machine is no failure
@given(
    st.floats(min_value=100, max_value=250),
    st.none() | st.floats(min_value=25, max_value=300),
    st.sampled_from([80, 120, 150, 200, 260]),
)
def test_no_body_gets_nonsense(height_cm: float, weight_kg: float | None, width_px: int) -> None:
    body = measure(view(width_px), height_cm, weight_kg)
    for name in GIRTHS:
        assert 0.25 < getattr(body, name) / height_cm < 1.2
    assert 0.15 < body.shoulder_cm / height_cm < 0.32
    assert 0.35 < body.inseam_cm / height_cm < 0.6
    assert 0.02 < body.chest_spread < 0.5


@pytest.mark.parametrize("degrees", [15, 25, 34])
def test_a_turned_body_is_less_sure(degrees: float) -> None:
    askew = view_body(turned(block_figure(150), degrees), block_picture())
    assert measure(askew).chest_spread > measure(VIEW).chest_spread


def test_a_body_that_is_seen_badly_is_less_sure() -> None:
    pose = block_figure(150)
    pose.visibility[:] = 0.7
    assert measure(view_body(pose, block_picture())).chest_spread > measure(VIEW).chest_spread


@pytest.mark.parametrize("worse", [{"tilt_deg": 8}, {"knee_deg": 120}, {"turn_deg": 20}])
def test_a_tilted_camera_or_bent_knees_are_less_sure(worse: dict[str, float]) -> None:
    assert doubt_factor(replace(VIEW.stance, **worse), 1) > doubt_factor(VIEW.stance, 1) == 1


def test_the_model_says_where_it_comes_from() -> None:
    assert "Fitted by" in MODEL.provenance
