"""Bodies made of rectangles, whose every breadth is known."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from wearon_sizing.pose import FloatArray, Joint, Pose

RGB = NDArray[np.uint8]

WIDTH_PX, HEIGHT_PX = 600, 800
MIDDLE_PX = 300
TOP_PX, CROTCH_PX, BOTTOM_PX = 50, 420, 750
STATURE_PX = BOTTOM_PX - TOP_PX
SHOULDER_ROW, HIP_ROW = 200, 400


def block_figure(torso_px: int, *, arms_at_px: int | None = 150, waist_px: int | None = None) -> Pose:
    """Return a pose and mask of a block: a head, a torso `torso_px` wide, two legs, and arms.

    The arms are 30 px wide and hang with their middle `arms_at_px` from the body's axis; None leaves them
    out of the mask. `waist_px` narrows the rows of the natural waist.
    """
    mask = np.zeros((HEIGHT_PX, WIDTH_PX), np.float32)
    _fill(mask, TOP_PX, 160, 60)
    _fill(mask, 150, CROTCH_PX, torso_px)
    if waist_px is not None:
        mask[320:360] = 0
        _fill(mask, 320, 360, waist_px)
    for side in (-1, 1):
        _fill(mask, CROTCH_PX, BOTTOM_PX, torso_px // 3, MIDDLE_PX + side * torso_px // 3)
        if arms_at_px is not None:
            _fill(mask, 170, 400, 30, MIDDLE_PX + side * arms_at_px)
    return Pose(_points(arms_at_px or 150), np.ones(33, np.float32), _facing_m(), mask)


def block_picture() -> NDArray[np.uint8]:
    """Return a picture as sharp and bright as a photograph, of the figure's size."""
    rows, columns = np.indices((HEIGHT_PX, WIDTH_PX))
    return np.repeat(((rows + columns) % 16 * 12 + 40).astype(np.uint8)[..., None], 3, axis=2)


def turned(pose: Pose, degrees: float) -> Pose:
    """Return the pose as of a person who has turned on the spot; the picture stays as it is."""
    angle = np.radians(degrees)
    about = np.array([[np.cos(angle), 0, -np.sin(angle)], [0, 1, 0], [np.sin(angle), 0, np.cos(angle)]])
    return replace(pose, world_m=(pose.world_m @ about).astype(np.float32))


def _facing_m() -> FloatArray:
    """Return joints in metres of someone who stands straight and faces the camera."""
    world_m = np.zeros((33, 3), np.float32)
    heights_m = {"SHOULDER": -0.5, "HIP": 0.0, "KNEE": 0.4, "ANKLE": 0.8}
    for joint in Joint:
        side, _, name = joint.name.rpartition("_")
        world_m[joint] = (0.15 if side == "LEFT" else -0.15, heights_m.get(name, 0.0), 0)
    return world_m


def _fill(mask: FloatArray, top: int, bottom: int, width: int, middle: int = MIDDLE_PX) -> None:
    mask[top:bottom, middle - width // 2 : middle - width // 2 + width] = 1


def _points(arms_at_px: int) -> FloatArray:
    points = np.full((33, 2), 0.5, np.float32)
    places = {
        "NOSE": (0, 100),
        "EYE": (15, 85),
        "EAR": (28, 90),
        "MOUTH": (12, 120),
        "SHOULDER": (80, SHOULDER_ROW),
        "ELBOW": (arms_at_px, 290),
        "WRIST": (arms_at_px, 370),
        "INDEX": (arms_at_px, 385),
        "HIP": (40, HIP_ROW),
        "KNEE": (40, 570),
        "ANKLE": (40, 720),
        "HEEL": (40, 740),
        "FOOT": (45, 748),
    }
    for joint in Joint:
        side, _, name = joint.name.rpartition("_")
        across_px, y_px = places[name]
        # The person faces the camera: the left side is on the picture's right.
        x_px = MIDDLE_PX + (across_px if side == "LEFT" else -across_px if side == "RIGHT" else 0)
        points[joint] = (x_px / WIDTH_PX, y_px / HEIGHT_PX)
    return points


def lit_picture(torso_px: int, depth_per_breadth: float, *, side: float = 0.4, shirt: float = 1.0) -> RGB:
    """Return a picture of `block_figure(torso_px)` in a light from the front and the right.

    Legs are round, the torso's section is an ellipse. `side` is the strength of the light from the right, 0
    without; `shirt` how bright the torso's cloth is beside the legs'.
    """
    grey = np.full((HEIGHT_PX, WIDTH_PX), 30.0)
    _paint(grey[TOP_PX:150], 60, MIDDLE_PX, _brightness(60, 1.0, side))
    torso = _brightness(torso_px, depth_per_breadth, side) * shirt
    _paint(grey[150:CROTCH_PX], torso_px, MIDDLE_PX, torso)
    leg_px = torso_px // 3
    for away in (-1, 1):
        _paint(grey[CROTCH_PX:BOTTOM_PX], leg_px, MIDDLE_PX + away * leg_px, _brightness(leg_px, 1.0, side))
        _paint(grey[170:400], 30, MIDDLE_PX + away * 150, _brightness(30, 1.0, side))
    return np.repeat(grey.clip(0, 255).astype(np.uint8)[..., None], 3, axis=2)


def _paint(
    rows: NDArray[np.float64], breadth_px: int, middle_px: int, brightness: NDArray[np.float64]
) -> None:
    rows[:, middle_px - breadth_px // 2 :][:, :breadth_px] = brightness


def _brightness(breadth_px: int, depth_per_breadth: float, side: float) -> NDArray[np.float64]:
    """Return the brightness across an upright elliptic cylinder."""
    place = (np.arange(breadth_px) + 0.5) / breadth_px * 2 - 1
    outwards, forwards = place * depth_per_breadth, np.sqrt(1 - place**2)
    return np.asarray(110 * (0.6 + (side * outwards + 0.8 * forwards) / np.hypot(outwards, forwards)))
