from enum import StrEnum


class BodyType(StrEnum):
    """A word for the shape of the trunk."""

    BROAD = "broad"
    ATHLETIC = "athletic"
    AVERAGE = "average"
    SLIM = "slim"


# The platform's limits of shoulder breadth over hip breadth.
_BROAD_ABOVE = 1.12
_ATHLETIC_ABOVE = 1.03
_SLIM_BELOW = 0.93


def body_type_of(shoulder_cm: float, hip_breadth_cm: float) -> BodyType:
    """Name the shape by the breadth from acromion to acromion over the hips' breadth in the silhouette.

    Over these breadths real people reach every type: soldiers' medians are 1.20 (men) and 1.04 (women), and
    nine in ten lie between 0.91 and 1.33 (ANSUR II, biacromial over hip breadth).
    """
    ratio = shoulder_cm / hip_breadth_cm
    if ratio > _BROAD_ABOVE:
        return BodyType.BROAD
    if ratio > _ATHLETIC_ABOVE:
        return BodyType.ATHLETIC
    if ratio < _SLIM_BELOW:
        return BodyType.SLIM
    return BodyType.AVERAGE
