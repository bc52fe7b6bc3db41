from importlib.resources import files
from threading import Lock

import cv2
import numpy as np
from numpy.typing import NDArray

from wearon_sizing.measurement.silhouette import Silhouette
from wearon_sizing.pose import Joint, Pose

# A face, forehead to chin, of the stature of its owner.
_FACE_PER_HEIGHT = 0.1
_SEARCHED_FACE_PX = 36  # the cascade's own window is 24
_LEAST_FACE, _MOST_FACE = 0.7, 1.5  # of `_SEARCHED_FACE_PX`
_NEIGHBOURS = 4  # lenient: a second detection confirms
_LEAST_TRUNK = 0.55
"""Who is smaller than this part of the subject stands in the background: the subject is clear."""
_LEAST_VISIBILITY = 0.6
_MARGIN = 0.02
# Where a bystander's head may be, from the subject's crown, of the subject's stature.
_HEAD_ABOVE, _HEAD_BELOW = 0.2, 0.45


class BystanderFinder:
    """Looks for other people of about the subject's size; MediaPipe tells of the most prominent one only.

    Faces beside the subject are searched for at a small scale first, which costs a few milliseconds; only
    where there is one is it worth a second detection, on the picture without the subject.
    """

    def __init__(self) -> None:
        cascade = files("cv2").joinpath("data/haarcascade_frontalface_default.xml")
        self._faces = cv2.CascadeClassifier(str(cascade))
        self._lock = Lock()  # a cascade keeps state while it searches

    def sees_face_beside(self, rgb: NDArray[np.uint8], silhouette: Silhouette) -> bool:
        """Whether a face of a similar size is to the left or right of the subject."""
        scale = _SEARCHED_FACE_PX / (_FACE_PER_HEIGHT * silhouette.height_px)
        return any(self._has_face(side, scale) for side in _sides(rgb, silhouette))

    def _has_face(self, rgb: NDArray[np.uint8], scale: float) -> bool:
        if min(rgb.shape[:2]) * scale < _SEARCHED_FACE_PX:
            return False
        small = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
        least, most = (round(share * _SEARCHED_FACE_PX) for share in (_LEAST_FACE, _MOST_FACE))
        with self._lock:
            faces = self._faces.detectMultiScale(
                grey, scaleFactor=1.15, minNeighbors=_NEIGHBOURS, minSize=(least, least), maxSize=(most, most)
            )
        return len(faces) > 0


def without_subject(rgb: NDArray[np.uint8], silhouette: Silhouette) -> NDArray[np.uint8]:
    """Return the picture with the subject painted over in its mean colour."""
    reach = 2 * round(_MARGIN * silhouette.height_px) + 1
    subject = cv2.dilate((silhouette.mask > 0).astype(np.uint8), np.ones((reach, reach), np.uint8))
    painted = rgb.copy()
    painted[subject > 0] = np.array(cv2.mean(rgb)[:3], np.uint8)
    return painted


def is_comparable(other: Pose, subject: Pose) -> bool:
    """Whether the other is about as large as the subject and well enough in view to be taken for it."""
    joints = [Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER, Joint.LEFT_HIP, Joint.RIGHT_HIP]
    return bool(
        other.visibility[joints].min() >= _LEAST_VISIBILITY
        and _trunk_px(other) >= _LEAST_TRUNK * _trunk_px(subject)
    )


def _sides(rgb: NDArray[np.uint8], silhouette: Silhouette) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    columns = np.flatnonzero(silhouette.mask.max(axis=0) > 0)
    heads = np.array([-_HEAD_ABOVE, _HEAD_BELOW]) * silhouette.height_px + silhouette.top_px
    rows = slice(*heads.round().astype(int).clip(min=0))
    return rgb[rows, : columns[0]], rgb[rows, columns[-1] + 1 :]


def _trunk_px(pose: Pose) -> float:
    shoulders = pose.middle(Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER)
    return float(np.linalg.norm(pose.middle(Joint.LEFT_HIP, Joint.RIGHT_HIP) - shoulders))
