import math
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]


class Joint(IntEnum):
    """The landmarks in use, by their index in MediaPipe's 33-point pose. Left is the person's left."""

    NOSE = 0
    LEFT_EYE = 2
    RIGHT_EYE = 5
    LEFT_EAR = 7
    RIGHT_EAR = 8
    LEFT_MOUTH = 9
    RIGHT_MOUTH = 10
    LEFT_SHOULDER = 11
    RIGHT_SHOULDER = 12
    LEFT_ELBOW = 13
    RIGHT_ELBOW = 14
    LEFT_WRIST = 15
    RIGHT_WRIST = 16
    LEFT_INDEX = 19
    RIGHT_INDEX = 20
    LEFT_HIP = 23
    RIGHT_HIP = 24
    LEFT_KNEE = 25
    RIGHT_KNEE = 26
    LEFT_ANKLE = 27
    RIGHT_ANKLE = 28
    LEFT_HEEL = 29
    RIGHT_HEEL = 30
    LEFT_FOOT = 31
    RIGHT_FOOT = 32


_LEGS = [
    (Joint.LEFT_HIP, Joint.LEFT_KNEE, Joint.LEFT_ANKLE),
    (Joint.RIGHT_HIP, Joint.RIGHT_KNEE, Joint.RIGHT_ANKLE),
]


@dataclass(frozen=True, eq=False)
class Pose:
    """One person in one picture of H x W pixels.

    `points` (33, 2): x and y as parts of the picture's width and height, y downwards; may lie outside 0..1.
    `visibility` (33,): 0..1, how likely the landmark is in view.
    `world_m` (33, 3): metres around the middle of the hips, scaled to a typical person, not to this one.
    `mask` (H, W): 0..1, how likely each pixel belongs to the person.
    """

    points: FloatArray
    visibility: FloatArray
    world_m: FloatArray
    mask: FloatArray

    @cached_property
    def points_px(self) -> FloatArray:
        """The landmarks (33, 2) in pixels."""
        height_px, width_px = self.mask.shape
        return np.asarray(self.points * np.array([width_px, height_px], np.float32), np.float32)

    def pixel(self, joint: Joint) -> FloatArray:
        """Return (x, y) of the joint in pixels."""
        point: FloatArray = self.points_px[joint]
        return point

    def middle(self, left: Joint, right: Joint) -> FloatArray:
        """Return (x, y) in pixels of the point halfway between two joints."""
        return (self.pixel(left) + self.pixel(right)) / np.float32(2)

    @cached_property
    def shoulders_px(self) -> FloatArray:
        """The middle (x, y) between the shoulder joints, in pixels."""
        return self.middle(Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER)

    @cached_property
    def hips_px(self) -> FloatArray:
        """The middle (x, y) between the hip joints, in pixels."""
        return self.middle(Joint.LEFT_HIP, Joint.RIGHT_HIP)

    def axis_px(self, y_px: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the x of the trunk's middle line, through both middles of shoulders and hips, at heights."""
        across_px, down_px = self.hips_px - self.shoulders_px
        return np.asarray(self.shoulders_px[0] + (y_px - self.shoulders_px[1]) * (across_px / down_px))

    def legs_px(self, y_px: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the x of both legs' middle lines (2, …), the left leg first, at heights."""
        legs_px = self.points_px[_LEGS]
        return np.array([np.interp(y_px, leg_px[:, 1], leg_px[:, 0]) for leg_px in legs_px])

    def distance_px(self, one: Joint, other: Joint) -> float:
        """Return how far apart two joints are in the picture."""
        return math.dist(self.pixel(one).tolist(), self.pixel(other).tolist())
