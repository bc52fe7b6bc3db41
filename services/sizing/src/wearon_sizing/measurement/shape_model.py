from importlib.resources import files

from wearon_sizing.measurement.variant import Data
from wearon_sizing.measurement.variant_pair import VariantPair


class ShapeModel(Data):
    """The fitted numbers of the measurement and where they come from."""

    provenance: str
    picture: VariantPair
    picture_and_weight: VariantPair


def load_shape_model() -> ShapeModel:
    """Read `shape_model.json`, which lies beside this module."""
    return ShapeModel.model_validate_json(
        files("wearon_sizing.measurement").joinpath("shape_model.json").read_bytes()
    )
