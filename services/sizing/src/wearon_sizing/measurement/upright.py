"""A photo that was held askew is turned before it is measured."""

from dataclasses import replace
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from wearon_sizing.pose import FloatArray, Pose

Picture = NDArray[np.uint8]

MOST_LEAN_DEG = 2.0
"""Who leans by less is measured as the picture is. In the fitting pictures bodies lean by 0.6 at most."""


def stand_upright(pose: Pose, rgb: Picture, lean_deg: float) -> tuple[Pose, Picture]:
    """Turn a pose and its picture (H, W, 3) back by what the person leans."""
    turn = _Turn.back_by(lean_deg, pose.mask.shape)
    points_px = pose.points_px @ turn.matrix[:, :2].T + turn.matrix[:, 2]
    upright = replace(
        pose,
        points=np.asarray(points_px / turn.size_px, np.float32),
        world_m=np.asarray(np.c_[pose.world_m[:, :2] @ turn.matrix[:, :2].T, pose.world_m[:, 2]], np.float32),
        mask=np.asarray(turn.apply(pose.mask, cv2.BORDER_CONSTANT), np.float32),
    )
    return upright, turn_picture(rgb, lean_deg)


def turn_picture(rgb: Picture, lean_deg: float) -> Picture:
    """Turn a picture (H, W, 3) alone, of any size; its edge is repeated where it ends."""
    turned = _Turn.back_by(lean_deg, rgb.shape[:2]).apply(rgb, cv2.BORDER_REPLICATE)
    return np.asarray(turned, np.uint8)


class _Turn(NamedTuple):
    """A turn about the middle of a picture: from its (x, y, 1) to those on a canvas that holds all of it."""

    matrix: NDArray[np.float64]  # (2, 3)
    size_px: tuple[int, int]  # of the canvas: width, height

    @classmethod
    def back_by(cls, lean_deg: float, shape: tuple[int, ...]) -> "_Turn":
        height_px, width_px = shape
        matrix = np.asarray(cv2.getRotationMatrix2D((width_px / 2, height_px / 2), -lean_deg, 1), np.float64)
        canvas_width_px, canvas_height_px = np.ceil(np.abs(matrix[:, :2]) @ (width_px, height_px)).tolist()
        matrix[:, 2] += (canvas_width_px - width_px) / 2, (canvas_height_px - height_px) / 2
        return cls(matrix, (int(canvas_width_px), int(canvas_height_px)))

    def apply(self, picture: Picture | FloatArray, border: int) -> object:
        return cv2.warpAffine(picture, self.matrix, self.size_px, borderMode=border)
