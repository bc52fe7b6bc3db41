import hashlib
from pathlib import Path

POSE_MODEL_SHA256 = "4eaa5eb7a98365221087693fcc286334cf0858e2eb6e15b506aa4a7ecdcec4ad"
"""MediaPipe's `pose_landmarker_full.task`, float16, version 1."""


class PoseModelUnavailable(Exception):  # noqa: N818 - a state of the service, not a fault of a call
    """The model is missing, or is not the one that the measurements were fitted with."""


def read_pose_model(path: Path) -> bytes:
    """Return the checked model; it is kept in memory, so that a later change of the file changes nothing.

    Raises:
        PoseModelUnavailable: the file cannot be read, or its SHA-256 is not `POSE_MODEL_SHA256`.
    """
    try:
        model = path.read_bytes()
    except OSError as error:
        raise PoseModelUnavailable(f"{path}: {error.strerror}") from error
    found = hashlib.sha256(model).hexdigest()
    if found != POSE_MODEL_SHA256:
        raise PoseModelUnavailable(f"{path}: sha256 is {found}, expected {POSE_MODEL_SHA256}")
    return model
