import csv
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from mediapipe.tasks.python.vision import PoseLandmarker
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track

from wearon_sizing.decode import decode_picture
from wearon_sizing.measurement.inputs import ponderal_index
from wearon_sizing.measurement.refusal import NoFullBody
from wearon_sizing.measurement.shape import Shape, describe_shape
from wearon_sizing.measurement.silhouette import trace_silhouette
from wearon_sizing.pose_landmarker import detect_pose

FloatVector = NDArray[np.float64]

# With air in the lungs, a body just floats.
_KG_PER_LITRE = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Bodies:
    """Pictures of bodies and the truth about each; all arrays have one row a body.

    `traits` by name; the mirrored picture's beside them, a second measurement of the same body.
    `truth` by column name, cm.
    """

    files: list[str]
    traits: dict[str, FloatVector]
    mirrored: dict[str, FloatVector]
    free_arms: FloatVector
    truth: dict[str, FloatVector]
    is_female: NDArray[np.bool_]
    clothes: NDArray[np.str_]

    @property
    def height_cm(self) -> FloatVector:
        """Stature in cm."""
        return self.truth["height_cm"]


def read_bodies(folder: Path, landmarker: PoseLandmarker) -> Bodies:
    """Measure every picture of `folder/manifest.csv`; those that are refused are told on standard error."""
    seen = list(_measure(folder, landmarker))
    rows = [row for row, _, _ in seen]
    return Bodies(
        files=[row["file"] for row in rows],
        traits=_columns([shape.traits | _weight(row) for row, shape, _ in seen]),
        mirrored=_columns([mirrored.traits | _weight(row) for row, _, mirrored in seen]),
        free_arms=np.array([shape.free_arms for _, shape, _ in seen]),
        truth={
            name: np.array([float(row[name]) for row in rows]) for name in rows[0] if name.endswith("_cm")
        },
        is_female=np.array([row["sex"] == "F" for row in rows]),
        clothes=np.array([row.get("clothes", "") for row in rows]),
    )


def _measure(folder: Path, landmarker: PoseLandmarker) -> Iterator[tuple[dict[str, str], Shape, Shape]]:
    with (folder / "manifest.csv").open(newline="") as manifest:
        rows = list(csv.DictReader(manifest))
    for row in track(rows, "measuring", console=Console(stderr=True)):
        rgb = decode_picture((folder / row["file"]).read_bytes())
        try:
            yield row, _shape_of(landmarker, rgb), _shape_of(landmarker, np.ascontiguousarray(rgb[:, ::-1]))
        except NoFullBody as refusal:
            sys.stderr.write(f"{row['file']}: {refusal}\n")


def _shape_of(landmarker: PoseLandmarker, rgb: NDArray[np.uint8]) -> Shape:
    pose = detect_pose(landmarker, rgb)
    assert pose is not None, "every picture of the set shows a person"  # noqa: S101 - a broken data set
    return describe_shape(pose, trace_silhouette(pose.mask), rgb)


def _weight(row: dict[str, str]) -> dict[str, float]:
    return {"ponderal": ponderal_index(float(row["volume_l"]) * _KG_PER_LITRE, float(row["height_cm"]))}


def _columns(shapes: list[dict[str, float]]) -> dict[str, FloatVector]:
    return {name: np.array([shape[name] for shape in shapes]) for name in shapes[0]}
