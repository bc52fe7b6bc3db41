import math


def ellipse_girth_cm(breadth_cm: float, depth_cm: float) -> float:
    """Return the girth of a torso whose section is an ellipse.

    Euler's approximation of the perimeter; between depth ratios of 0.5 and 1 it is at most 2.5 % too long,
    which the fitted depth takes up.
    """
    return math.pi * math.sqrt((breadth_cm**2 + depth_cm**2) / 2)


def ellipse_depth_cm(girth_cm: float, breadth_cm: float) -> float:
    """Return the depth at which `ellipse_girth_cm` gives this girth; 0 when the breadth alone exceeds it."""
    return math.sqrt(max(2 * (girth_cm / math.pi) ** 2 - breadth_cm**2, 0))
