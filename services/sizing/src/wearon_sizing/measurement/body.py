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
from wearon_sizing.measurement.spread import spread_of_pair
from wearon_sizing.measurement.stance import Stance, read_stance
from wearon_sizing.measurement.variant import Sex, Target
from wearon_sizing.pose import Pose


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
    """What was read off a picture: the pose, its outline, the stance and the shape."""

    pose: Pose
    silhouette: Silhouette
    stance: Stance
    shape: Shape


def view_body(pose: Pose, rgb: NDArray[np.uint8]) -> View:
    """Read off the picture (H, W, 3) what the measurements rest on.

    Raises:
        NoFullBody: the picture does not show a whole, upright body that faces the camera.
    """
    stance = read_stance(pose)
    require_full_body(pose, stance)
    silhouette = trace_silhouette(pose.mask)
    require_clarity(rgb, silhouette)
    return View(pose, silhouette, stance, describe_shape(pose, silhouette, rgb))


def measure_body(view: View, person: Person, model: ShapeModel) -> Body:
    """Measure the person, whose stature is the scale; weight and sex make it better where known."""
    traits, pair = view.shape.traits, model.picture
    if person.weight_kg is not None:
        traits = {**traits, "ponderal": ponderal_index(person.weight_kg, person.height_cm)}
        pair = model.picture_and_weight
    seen = pair.see(traits)
    shares = np.exp(pair.log_shares(seen, person.sex)).tolist()
    lengths_cm = {target: person.height_cm * share for target, share in zip(Target, shares, strict=True)}
    spread = spread_of_pair(pair, seen, traits, view.shape.free_arms)
    return Body(
        height_cm=person.height_cm,
        **lengths_cm,
        hip_breadth_cm=person.height_cm * view.shape.hip_breadth,
        chest_spread=spread * doubt_factor(view.stance, body_visibility(view.pose)),
    )
