"""From a pose and a stature to body measurements."""

from wearon_sizing.measurement.body import Body, measure_body
from wearon_sizing.measurement.coefficients import Coefficients, load_coefficients
from wearon_sizing.measurement.refusal import NoFullBody, Refusal

__all__ = ["Body", "Coefficients", "NoFullBody", "Refusal", "load_coefficients", "measure_body"]
