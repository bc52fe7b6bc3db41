"""How far a weight is believed that somebody typed."""

import numpy as np

# By how much it moves the logarithm of the chest girth that the picture alone shows. Of 900 rendered bodies,
# the true weight moves it by less than 0.043 in 99 of 100; pounds taken for kilograms, by 0.27.
_BELIEVED, _DISBELIEVED = 0.08, 0.14


def trust_in_weight(change: float) -> float:
    """Return 1 for a weight that fits the picture, falling to 0 for one that must be somebody else's."""
    return float(np.interp(abs(change), (_BELIEVED, _DISBELIEVED), (1, 0)))
