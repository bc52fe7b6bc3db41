from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from wearon_sizing.fitting.accuracy import accuracy_by_group
from wearon_sizing.fitting.bodies import Bodies
from wearon_sizing.fitting.cross_validation import Unseen, predict_unseen
from wearon_sizing.fitting.fit_pair import fit_pair
from wearon_sizing.fitting.model import fit_model
from wearon_sizing.fitting.reliability import draw_reliability, measure_reliability
from wearon_sizing.fitting.survey import Survey
from wearon_sizing.measurement.shape_model import ShapeModel
from wearon_sizing.measurement.variant import Target
from wearon_sizing.sizes import DEFAULT_CHART, load_charts

COUNT = 200
CHART = load_charts()[DEFAULT_CHART]
FloatVector = NDArray[np.float64]


def world(seed: int) -> tuple[Bodies, Survey]:
    """Return people whose girths follow from a breadth, seen in the outline, and a depth, seen in shading."""
    random = np.random.default_rng(seed)
    height_cm = random.uniform(150, 190, COUNT)
    breadth, depth = random.normal(0, 0.15, (2, COUNT))
    truth = {
        name: height_cm * share * np.exp(0.7 * breadth + 0.6 * depth)
        for name, share in (("chest_cm", 0.55), ("waist_cm", 0.47), ("hip_cm", 0.56))
    } | {
        "height_cm": height_cm,
        "shoulder_cm": height_cm * 0.22 * np.exp(breadth / 2),
        "inseam_cm": height_cm * random.normal(0.47, 0.01, COUNT),
        "waist_breadth_cm": height_cm * 0.16 * np.exp(breadth),
        "hip_breadth_cm": height_cm * 0.2 * np.exp(breadth),
    }
    bodies = Bodies(
        files=[f"{row}.jpg" for row in range(COUNT)],
        traits=_seen(random, breadth, depth),
        mirrored=_seen(random, breadth, depth),
        free_arms=random.uniform(0.5, 1, COUNT),
        truth=truth,
        is_female=random.random(COUNT) < 0.5,
        clothes=random.choice(["tight", "loose"], COUNT),
    )
    return bodies, Survey(truth, bodies.traits["ponderal"], bodies.is_female)


def _seen(random: np.random.Generator, breadth: FloatVector, depth: FloatVector) -> dict[str, FloatVector]:
    def noise() -> FloatVector:
        return random.normal(0, 0.02, COUNT)

    return {
        **{f"trunk_{level:03d}": 0.18 * np.exp(breadth + noise()) for level in range(0, 100, 10)},
        **{f"shade_down_{step}": depth + noise() for step in range(10)},
        "light_side": 0.15 + noise() / 10,
        "sleeve_step": noise(),
        "leg_step": noise(),
        "ponderal": 13 * np.exp(breadth + depth + noise()),
    }


BODIES, SURVEY = world(0)


@pytest.fixture(scope="module")
def unseen() -> Unseen:
    return predict_unseen(BODIES, SURVEY, with_weight=False)


@pytest.fixture(scope="module")
def model() -> ShapeModel:
    return fit_model(BODIES, SURVEY)


def test_shading_tells_the_depth_that_an_outline_lacks(unseen: Unseen) -> None:
    with_shading, without = (
        accuracy_by_group(BODIES, predicted, CHART)[0].error_cm[Target.WAIST]
        for predicted in (unseen.told, unseen.outline)
    )
    assert with_shading < without / 2


def test_no_body_is_predicted_by_a_fit_that_saw_it(unseen: Unseen) -> None:
    changed, _ = world(0)
    changed.truth["waist_cm"][0] *= 3
    again = predict_unseen(changed, SURVEY, with_weight=False)
    assert again.told[0, 1] == pytest.approx(unseen.told[0, 1])


def test_a_weight_makes_up_for_shading_that_is_not_seen(unseen: Unseen) -> None:
    weighed = predict_unseen(BODIES, SURVEY, with_weight=True)
    alone, with_weight = (
        accuracy_by_group(BODIES, one.outline, CHART)[0].error_cm[Target.CHEST] for one in (unseen, weighed)
    )
    assert with_weight < alone


def test_the_usual_light_is_that_of_the_fitting_pictures() -> None:
    light = fit_pair(BODIES, SURVEY, np.arange(COUNT), with_weight=False).light
    assert set(light) == {"light_side"}
    assert 0.14 < light["light_side"].low < 0.15 < light["light_side"].high < 0.16


def test_a_fitted_model_survives_its_file(model: ShapeModel) -> None:
    assert ShapeModel.model_validate_json(model.model_dump_json()) == model


def test_what_is_told_comes_true_as_often_as_told(model: ShapeModel, unseen: Unseen, tmp_path: Path) -> None:
    reliability = measure_reliability(model.picture, BODIES, unseen, CHART)
    assert reliability.calibration_error < 0.15
    assert reliability.range_holds > 0.7
    draw_reliability(reliability, tmp_path / "diagram.png")
    assert (tmp_path / "diagram.png").stat().st_size > 0
