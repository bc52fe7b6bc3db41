"""Estimators as the service has them, with one landmarker."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

from wearon_devkit.checkout import POSE_MODEL
from wearon_sizing.estimator import Estimator
from wearon_sizing.landmarker_pool import LandmarkerPool
from wearon_sizing.measurement import load_shape_model
from wearon_sizing.pose_model import read_pose_model


@contextmanager
def open_estimator() -> Iterator[Estimator]:
    """Load the models; they are freed afterwards."""
    with closing(LandmarkerPool.open(read_pose_model(POSE_MODEL), 1)) as landmarkers:
        yield Estimator(landmarkers, load_shape_model())
