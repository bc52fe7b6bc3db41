from collections.abc import Sequence

import mediapipe as mp
import numpy as np
from mediapipe.tasks.python import BaseOptions
from mediapipe.tasks.python.vision import PoseLandmarker, PoseLandmarkerOptions, PoseLandmarkerResult
from numpy.typing import NDArray

from wearon_sizing.pose import FloatArray, Pose

# MediaPipe 0.10.33 pads each row of a mask to 16 bytes, and reading a padded mask of floats fails a check in
# its C++ code, which aborts the whole process.
_WIDTH_STEP_PX = 4


def open_pose_landmarker(model: bytes) -> PoseLandmarker:
    """Make a landmarker for single pictures that also returns the mask. One thread at a time may use it."""
    options = PoseLandmarkerOptions(
        base_options=BaseOptions(model_asset_buffer=model), output_segmentation_masks=True
    )
    return PoseLandmarker.create_from_options(options)


def detect_pose(landmarker: PoseLandmarker, rgb: NDArray[np.uint8]) -> Pose | None:
    """Find the most prominent person in an RGB picture (H, W, 3), or nobody. Blocks for some 30 ms of CPU."""
    widened = _widen(rgb)
    result = landmarker.detect(mp.Image(image_format=mp.ImageFormat.SRGB, data=widened))
    if not result.pose_landmarks:
        return None
    return _to_pose(result, width_px=rgb.shape[1], widened_px=widened.shape[1])


def _widen(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Repeat the right edge up to a width that `_WIDTH_STEP_PX` divides."""
    missing_px = -rgb.shape[1] % _WIDTH_STEP_PX
    return np.ascontiguousarray(np.pad(rgb, ((0, 0), (0, missing_px), (0, 0)), mode="edge"))


def _to_pose(result: PoseLandmarkerResult, width_px: int, widened_px: int) -> Pose:
    landmarks, masks = result.pose_landmarks[0], result.segmentation_masks or []
    return Pose(
        points=_rows([(point.x * widened_px / width_px, point.y) for point in landmarks]),
        visibility=_rows([point.visibility for point in landmarks]),
        world_m=_rows([(point.x, point.y, point.z) for point in result.pose_world_landmarks[0]]),
        # The view lies in MediaPipe's own memory: the copy outlives it.
        mask=masks[0].numpy_view().reshape(-1, widened_px)[:, :width_px].copy(),
    )


def _rows(values: Sequence[object]) -> FloatArray:
    return np.array(values, np.float32)
