import cv2
import numpy as np
from numpy.typing import NDArray

_SIZE_PX = 512
_SKIN, _SHIRT, _TROUSERS, _EYES, _WALL = (224, 172, 140), (40, 60, 160), (60, 60, 60), (20, 20, 20), 200


def sketch_person() -> NDArray[np.uint8]:
    """Draw a simple standing figure, RGB: enough of a person for MediaPipe to run its whole graph."""
    picture = np.full((_SIZE_PX, _SIZE_PX, 3), _WALL, np.uint8)
    _draw_head(picture)
    cv2.rectangle(picture, (206, 125), (306, 280), _SHIRT, cv2.FILLED)
    _draw_limbs(picture)
    return picture


def _draw_head(picture: NDArray[np.uint8]) -> None:
    cv2.circle(picture, (256, 80), 34, _SKIN, cv2.FILLED)
    cv2.rectangle(picture, (246, 105), (266, 130), _SKIN, cv2.FILLED)
    for eye_x in (243, 269):
        cv2.circle(picture, (eye_x, 74), 4, _EYES, cv2.FILLED)


def _draw_limbs(picture: NDArray[np.uint8]) -> None:
    for shoulder_x, hand_x in ((205, 170), (307, 342)):
        cv2.line(picture, (shoulder_x, 135), (hand_x, 280), _SKIN, thickness=24)
    for hip_x, foot_x in ((232, 228), (280, 284)):
        cv2.line(picture, (hip_x, 280), (foot_x, 460), _TROUSERS, thickness=40)
