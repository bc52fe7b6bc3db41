import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sizing_figures import STATURE_PX, block_figure

from wearon_sizing.measurement import load_coefficients, measure_body
from wearon_sizing.measurement.ellipse import ellipse_depth_cm, ellipse_girth_cm


def test_the_girth_of_a_circle_is_its_circumference() -> None:
    assert ellipse_girth_cm(30, 30) == pytest.approx(math.pi * 30)


@given(st.floats(min_value=10, max_value=80), st.floats(min_value=0.4, max_value=1.2))
def test_a_depth_is_found_again_from_the_girth(breadth_cm: float, ratio: float) -> None:
    girth_cm = ellipse_girth_cm(breadth_cm, ratio * breadth_cm)
    assert ellipse_depth_cm(girth_cm, breadth_cm) == pytest.approx(ratio * breadth_cm)


def test_every_measurement_grows_with_the_stature() -> None:
    fit = load_coefficients()
    short, tall = (measure_body(block_figure(160), height_cm, fit) for height_cm in (160, 200))
    for name in ("chest_cm", "waist_cm", "hip_cm", "shoulder_cm", "hip_breadth_cm"):
        assert getattr(tall, name) == pytest.approx(1.25 * getattr(short, name))


def test_a_wider_torso_has_larger_girths() -> None:
    fit = load_coefficients()
    slim, heavy = (measure_body(block_figure(width_px), 170, fit) for width_px in (120, 180))
    assert (heavy.chest_cm, heavy.waist_cm, heavy.hip_cm) > (slim.chest_cm, slim.waist_cm, slim.hip_cm)


def test_a_plain_block_gets_the_girths_of_a_plausible_body() -> None:
    cm_per_px = 0.25
    body = measure_body(block_figure(130), STATURE_PX * cm_per_px, load_coefficients())
    assert 80 < body.chest_cm < 110  # 32.5 cm broad
    assert 75 < body.waist_cm < 105


def test_the_coefficients_say_where_they_come_from() -> None:
    assert "fitted by" in load_coefficients().provenance
