"""From a pose, a picture and a stature to body measurements."""

from wearon_sizing.measurement.body import Body, Person, View, measure_body, view_body
from wearon_sizing.measurement.refusal import NoFullBody, Refusal
from wearon_sizing.measurement.shape_model import ShapeModel, load_shape_model
from wearon_sizing.measurement.variant import Sex

__all__ = [
    "Body",
    "NoFullBody",
    "Person",
    "Refusal",
    "Sex",
    "ShapeModel",
    "View",
    "load_shape_model",
    "measure_body",
    "view_body",
]
