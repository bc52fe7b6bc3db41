from importlib.resources import files

from pydantic import BaseModel, ConfigDict, Field


class GirthCoefficients(BaseModel):
    """How deep the torso is for a breadth seen from the front, and how far off the girth then is.

    The waist and the hip are as deep as their own breadth says, the chest as that of the waist: a heavy
    trunk is deep everywhere, and arms that touch the chest blur its own breadth.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    depth_per_breadth: float = Field(gt=0)
    residual_sd_cm: float = Field(gt=0)


class ShoulderCoefficients(BaseModel):
    """How the distance of the shoulder joints becomes the breadth from acromion to acromion."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    breadth_per_joint_distance: float = Field(gt=0)
    residual_sd_cm: float = Field(gt=0)


class Coefficients(BaseModel):
    """The fitted numbers of the measurement and where they come from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    provenance: str
    chest: GirthCoefficients
    waist: GirthCoefficients
    hip: GirthCoefficients
    shoulder: ShoulderCoefficients


def load_coefficients() -> Coefficients:
    """Read `coefficients.json`, which lies beside this module."""
    return Coefficients.model_validate_json(
        files("wearon_sizing.measurement").joinpath("coefficients.json").read_bytes()
    )
