"""Outlines through few points.

Coordinates are those of a sheet 100 wide and 120 high, y downwards.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

STEPS = 24
"""Straight pieces for each stretch between two points."""


class Knot(NamedTuple):
    """A point of an outline; at a sharp one the direction may change suddenly."""

    x: float
    y: float
    is_sharp: bool = False


Path = list[tuple[float, float]]


def sharp(x: float, y: float) -> Knot:
    """Return a corner."""
    return Knot(x, y, is_sharp=True)


def bend(x: float, y: float) -> Knot:
    """Return a point that the outline passes in a curve."""
    return Knot(x, y)


def curve(knots: Sequence[Knot]) -> Path:
    """Return an open line through all knots: a Catmull-Rom spline between each two corners."""
    path: Path = []
    run: list[Knot] = []
    for knot in knots:
        run.append(knot)
        if knot.is_sharp and len(run) > 1:
            path += spline(run)
            run = [knot]
    return path + (spline(run) if len(run) > 1 else [])


def spline(run: Sequence[Knot]) -> Path:
    """Return the spline through one run of knots, its ends included."""
    padded = [run[0], *run, run[-1]]
    return [
        (catmull_rom(quad, 0, step / STEPS), catmull_rom(quad, 1, step / STEPS))
        for quad in zip(padded, padded[1:], padded[2:], padded[3:], strict=False)
        for step in range(STEPS + 1)
    ]


def catmull_rom(quad: Sequence[Knot], axis: int, t: float) -> float:
    """Return one coordinate at t (0 to 1) between the two middle knots of four."""
    before, start, end, after = (knot[axis] for knot in quad)
    return start + 0.5 * t * (
        end
        - before
        + t * (2 * before - 5 * start + 4 * end - after + t * (3 * (start - end) + after - before))
    )


def mirrored(path: Path, axis_x: float = 50) -> Path:
    """Reflect a path and reverse it, so that both together are one outline."""
    return [(2 * axis_x - x, y) for x, y in reversed(path)]


def symmetric(left: Sequence[Knot], neckline: Path | None = None) -> Path:
    """Return the closed outline whose left half is given from top to bottom.

    A neckline, from left to right, closes it where the halves do not meet at the top.
    """
    half = curve(left)
    return half + mirrored(half) + (neckline or [])[::-1]


def between(upper: Path, lower: Path) -> Path:
    """Return the closed outline of what lies between two lines that both run from left to right."""
    return upper + lower[::-1]


def arc(left_x: float, y: float, sag: float, axis_x: float = 50) -> Path:
    """Return a line from `left_x` to its mirror image that sags by `sag` in the middle."""
    half_width = axis_x - left_x
    shoulder = half_width * 0.55
    return curve(
        [
            sharp(left_x, y),
            bend(axis_x - shoulder, y + 0.8 * sag),
            bend(axis_x, y + sag),
            bend(axis_x + shoulder, y + 0.8 * sag),
            sharp(axis_x + half_width, y),
        ]
    )


def dashes(path: Path, dash: int = 2, gap: int = 2) -> list[Path]:
    """Return every few pieces of a line, as stitches."""
    joints = list(pairwise(path))
    return [
        [joints[i][0], joints[min(i + dash, len(joints)) - 1][1]] for i in range(0, len(joints), dash + gap)
    ]
