import numpy as np
from numpy.typing import NDArray

from wearon_sizing.fitting.bodies import Bodies

Mask = NDArray[np.bool_]

_EXTREME = 0.2
"""Slim and short are the lowest fifth of the bodies, heavy and tall the highest."""
_COMMON_CHESTS_CM = (78.0, 120.0)


def groups_of(bodies: Bodies) -> dict[str, Mask]:
    """Return who is in which group; groups overlap."""
    build, height_cm, chest_cm = bodies.traits["ponderal"], bodies.height_cm, bodies.truth["chest_cm"]
    low, high = _COMMON_CHESTS_CM
    return {
        "all": np.ones(len(bodies.files), bool),
        f"chest {low:.0f} to {high:.0f} cm": (chest_cm >= low) & (chest_cm <= high),
        "women": bodies.is_female,
        "men": ~bodies.is_female,
        "slim": build <= np.quantile(build, _EXTREME),
        "heavy": build >= np.quantile(build, 1 - _EXTREME),
        "short": height_cm <= np.quantile(height_cm, _EXTREME),
        "tall": height_cm >= np.quantile(height_cm, 1 - _EXTREME),
        **{f"{kind} clothes": bodies.clothes == kind for kind in sorted(set(bodies.clothes.tolist()))},
    }
