SHADE = "shade_"
"""How the names of traits begin that are read off light and shade."""
LIGHT = "light_"
"""How the names of those begin that describe the light, not the body."""

_LOGARITHMS = ("trunk_", "arm_", "leg_", "neck", "ponderal")


def ponderal_index(weight_kg: float, height_cm: float) -> float:
    """Return the weight over the cube of the height, kg/m³: a build without a size, about 13."""
    return weight_kg / (height_cm / 100) ** 3


def is_logarithm(trait: str) -> bool:
    """Whether a trait enters the fit as its logarithm: breadths and build do, positions do not."""
    return trait.startswith(_LOGARITHMS) and not trait.endswith("_step")
