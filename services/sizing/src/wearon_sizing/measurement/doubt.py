from wearon_sizing.measurement.full_body import MOST_TURN_DEG
from wearon_sizing.measurement.stance import Stance

# The fitting pictures all face the camera squarely, so what follows is judgement, not fit. Each is free of
# charge up to what nearly all of them show, then grows to the given share at the point where the picture is
# refused.
_FREE_TURN_DEG, _TURN_SHARE = 9.0, 1.0
_FREE_TILT_DEG, _TILT_SHARE, _MOST_TILT_DEG = 2.0, 0.5, 45.0
_FREE_KNEE_DEG, _KNEE_SHARE, _LEAST_KNEE_DEG = 142.0, 0.8, 105.0
_FREE_VISIBILITY, _VISIBILITY_SHARE, _LEAST_VISIBILITY = 0.97, 1.5, 0.4


def doubt_factor(stance: Stance, visibility: float) -> float:
    """Return how the spread grows for a person who is turned, crouched, askew or badly seen; 1 and more."""
    return (
        1
        + _TURN_SHARE * _beyond(stance.turn_deg, _FREE_TURN_DEG, MOST_TURN_DEG)
        + _TILT_SHARE * _beyond(abs(stance.tilt_deg), _FREE_TILT_DEG, _MOST_TILT_DEG)
        + _KNEE_SHARE * _beyond(-stance.knee_deg, -_FREE_KNEE_DEG, -_LEAST_KNEE_DEG)
        + _VISIBILITY_SHARE * _beyond(-visibility, -_FREE_VISIBILITY, -_LEAST_VISIBILITY)
    )


def _beyond(value: float, free: float, most: float) -> float:
    return min(max((value - free) / (most - free), 0.0), 1.0)
