from collections.abc import Sequence

import cv2
import mediapipe as mp
import numpy as np
from mediapipe.tasks.python import BaseOptions
from mediapipe.tasks.python.vision import PoseLandmarker, PoseLandmarkerOptions, PoseLandmarkerResult
from numpy.typing import NDArray

from wearon_sizing.pose import FloatArray, Pose

# MediaPipe 0.10.33 pads each row of a mask to 16 bytes, and reading a padded mask of floats fails a check in
# its C++ code, which aborts the whole process.
_WIDTH_STEP_PX = 4
# The second one tells whether the subject is alone. It costs nothing where there is nobody else: one detector
# looks for all, and what follows runs once for each person it finds.
_MOST_POSES = 2


def open_pose_landmarker(model: bytes) -> PoseLandmarker:
    """Make a landmarker for single pictures that also returns masks. One thread at a time may use it."""
    options = PoseLandmarkerOptions(
        base_options=BaseOptions(model_asset_buffer=model),
        num_poses=_MOST_POSES,
        output_segmentation_masks=True,
    )
    return PoseLandmarker.create_from_options(options)


def detect_pose(landmarker: PoseLandmarker, rgb: NDArray[np.uint8]) -> Pose | None:
    """Find the most prominent person in an RGB picture (H, W, 3), or nobody. Blocks for some 20 ms of CPU."""
    return next(iter(detect_poses(landmarker, rgb)), None)


def detect_poses(landmarker: PoseLandmarker, rgb: NDArray[np.uint8]) -> list[Pose]:
    """Find up to two people in an RGB picture (H, W, 3), the most prominent first.

    Blocks for some 20 ms of CPU, 30 where there are two.
    """
    widened = _widen(rgb)
    result = landmarker.detect(mp.Image(image_format=mp.ImageFormat.SRGB, data=widened))
    return [_to_pose(result, person, rgb.shape[1]) for person in range(len(result.pose_landmarks))]


def _widen(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Repeat the right edge up to a width that `_WIDTH_STEP_PX` divides."""
    missing_px = -rgb.shape[1] % _WIDTH_STEP_PX
    if missing_px == 0:
        return np.ascontiguousarray(rgb)
    return np.asarray(cv2.copyMakeBorder(rgb, 0, 0, 0, missing_px, cv2.BORDER_REPLICATE), np.uint8)


def _to_pose(result: PoseLandmarkerResult, person: int, width_px: int) -> Pose:
    assert result.segmentation_masks is not None, "masks are asked for"  # noqa: S101 - narrows the type
    mask = _array_of(result.segmentation_masks[person])
    widened_px = mask.shape[1]
    landmarks, world = result.pose_landmarks[person], result.pose_world_landmarks[person]
    return Pose(
        points=_rows([(point.x * widened_px / width_px, point.y) for point in landmarks]),
        visibility=_rows([point.visibility for point in landmarks]),
        world_m=_rows([(point.x, point.y, point.z) for point in world]),
        mask=mask[:, :width_px],
    )


def _rows(values: Sequence[object]) -> FloatArray:
    return np.array(values, np.float32)


def _array_of(mask: mp.Image) -> FloatArray:
    """Copy a mask (H, W): what MediaPipe shows lies in its own memory, which ends with `mask`."""
    return np.array(mask.numpy_view(), np.float32).squeeze(axis=2)
