from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wearon_sizing.measurement.clarity import require_clarity
from wearon_sizing.measurement.doubt import doubt_factor
from wearon_sizing.measurement.full_body import body_visibility, require_full_body
from wearon_sizing.measurement.inputs import ponderal_index
from wearon_sizing.measurement.shape import Shape, describe_shape
from wearon_sizing.measurement.shape_model import ShapeModel
from wearon_sizing.measurement.silhouette import Silhouette, trace_silhouette
from wearon_sizing.measurement.spread import mix_spreads, spread_of_pair
from wearon_sizing.measurement.stance import Stance, read_stance
from wearon_sizing.measurement.upright import MOST_LEAN_DEG, stand_upright
from wearon_sizing.measurement.variant import FloatVector, Sex, Target
from wearon_sizing.measurement.variant_pair import VariantPair
from wearon_sizing.measurement.weight import trust_in_weight
from wearon_sizing.pose import Pose

_CHEST = list(Target).index(Target.CHEST)


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of a person beside the picture."""

    height_cm: float
    weight_kg: float | None = None
    sex: Sex | None = None


@dataclass(frozen=True, slots=True)
class Body:
    """A body's measurements in cm; `chest_spread` is the sd of the logarithm of the chest girth."""

    height_cm: float
    chest_cm: float
    waist_cm: float
    hip_cm: float
    shoulder_cm: float
    inseam_cm: float
    hip_breadth_cm: float
    chest_spread: float


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """What was read off a picture: the pose, its outline, the stance and the shape.

    Pose and silhouette are as of the picture turned back by `lean_deg`, 0 for most.
    """

    pose: Pose
    silhouette: Silhouette
    stance: Stance
    shape: Shape
    lean_deg: float


def view_body(pose: Pose, rgb: NDArray[np.uint8]) -> View:
    """Read off the picture (H, W, 3) what the measurements rest on.

    Raises:
        NoFullBody: the picture does not show a whole, upright body that faces the camera.
    """
    stance = read_stance(pose)
    require_full_body(pose, stance)
    silhouette = trace_silhouette(pose.mask)
    require_clarity(rgb, silhouette)
    lean_deg = stance.tilt_deg if abs(stance.tilt_deg) > MOST_LEAN_DEG else 0.0
    if lean_deg:
        pose, rgb = stand_upright(pose, rgb, lean_deg)
        silhouette = trace_silhouette(pose.mask)
    return View(pose, silhouette, stance, describe_shape(pose, silhouette, rgb), lean_deg)


def measure_body(view: View, person: Person, model: ShapeModel) -> Body:
    """Measure the person, whose stature is the scale; weight and sex make it better where known."""
    traits = view.shape.traits
    log_shares, spread = _estimate(model.picture, traits, view, person)
    if person.weight_kg is not None:
        weighed = {**traits, "ponderal": ponderal_index(person.weight_kg, person.height_cm)}
        with_weight, spread_with_weight = _estimate(model.picture_and_weight, weighed, view, person)
        trust = trust_in_weight(with_weight[_CHEST] - log_shares[_CHEST])
        log_shares = log_shares + trust * (with_weight - log_shares)
        spread = mix_spreads(spread, spread_with_weight, trust)
    lengths_cm = dict(zip(Target, (person.height_cm * np.exp(log_shares)).tolist(), strict=True))
    return Body(
        height_cm=person.height_cm,
        **lengths_cm,
        hip_breadth_cm=person.height_cm * view.shape.hip_breadth,
        chest_spread=spread * doubt_factor(view.stance, body_visibility(view.pose)),
    )


def _estimate(
    pair: VariantPair, traits: dict[str, float], view: View, person: Person
) -> tuple[FloatVector, float]:
    """Return log(target / stature) in the order of `Target`, and the spread of the chest's."""
    seen = pair.see(traits)
    return pair.log_shares(seen, person.sex), spread_of_pair(pair, seen, traits, view.shape.free_arms)
