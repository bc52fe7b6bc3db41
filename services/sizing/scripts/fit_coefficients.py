# ruff: noqa: INP001 - a program, not a package
"""Fit the numbers of `measurement/coefficients.json` to pictures of bodies with known measurements.

    python services/sizing/scripts/fit_coefficients.py FOLDER --model FILE --provenance "…" > OUT

FOLDER holds pictures and `manifest.csv` with the columns file, height_cm, chest_cm, waist_cm, hip_cm,
shoulder_cm. Every ratio is the median over the pictures; the mean absolute errors go to standard error.
"""

import csv
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from mediapipe.tasks.python.vision import PoseLandmarker
from numpy.typing import NDArray
from PIL import Image

from wearon_sizing.measurement.coefficients import Coefficients, GirthCoefficients, ShoulderCoefficients
from wearon_sizing.measurement.ellipse import ellipse_depth_cm, ellipse_girth_cm
from wearon_sizing.measurement.outline import Outline, measure_outline
from wearon_sizing.measurement.refusal import NoFullBody
from wearon_sizing.pose_landmarker import detect_pose, open_pose_landmarker
from wearon_sizing.pose_model import read_pose_model

Column = NDArray[np.float64]


def main(
    folder: Path,
    model: Annotated[Path, typer.Option(help="pose_landmarker_full.task")],
    provenance: Annotated[str, typer.Option(help="One sentence: which pictures, how many")],
) -> None:
    """Print the fitted coefficients as JSON."""
    rows, outlines = zip(*_read(folder, open_pose_landmarker(read_pose_model(model))), strict=True)
    seen = {name: np.array([getattr(o, name) for o in outlines]) for name in Outline.__dataclass_fields__}
    truth = {name: np.array([float(row[name]) for row in rows]) for name in rows[0] if name.endswith("_cm")}
    sys.stdout.write(_fit(seen, truth, provenance).model_dump_json(indent=2) + "\n")


def _read(folder: Path, landmarker: PoseLandmarker) -> Iterator[tuple[dict[str, str], Outline]]:
    with (folder / "manifest.csv").open(newline="") as manifest:
        rows = list(csv.DictReader(manifest))
    for row in rows:
        pose = detect_pose(landmarker, np.asarray(Image.open(folder / row["file"]).convert("RGB")))
        if pose is None:
            sys.stderr.write(f"{row['file']}: no_person\n")
            continue
        try:
            yield row, measure_outline(pose, float(row["height_cm"]))
        except NoFullBody as refusal:
            sys.stderr.write(f"{row['file']}: {refusal}\n")


def _fit(seen: dict[str, Column], truth: dict[str, Column], provenance: str) -> Coefficients:
    chest, waist, hip = seen["chest_breadth_cm"], seen["waist_breadth_cm"], seen["hip_breadth_cm"]
    return Coefficients(
        provenance=provenance,
        chest=_fit_girth("chest", truth["chest_cm"], breadth_cm=chest, depth_tells_cm=waist),
        waist=_fit_girth("waist", truth["waist_cm"], breadth_cm=waist, depth_tells_cm=waist),
        hip=_fit_girth("hip", truth["hip_cm"], breadth_cm=hip, depth_tells_cm=hip),
        shoulder=_fit_shoulder(truth["shoulder_cm"], seen["shoulder_joint_distance_cm"]),
    )


def _fit_girth(
    name: str, girth_cm: Column, *, breadth_cm: Column, depth_tells_cm: Column
) -> GirthCoefficients:
    depth_cm = np.vectorize(ellipse_depth_cm)(girth_cm, breadth_cm)
    ratio = float(np.median(depth_cm / depth_tells_cm))
    errors_cm = np.vectorize(ellipse_girth_cm)(breadth_cm, ratio * depth_tells_cm) - girth_cm
    return GirthCoefficients(depth_per_breadth=round(ratio, 4), residual_sd_cm=_report(name, errors_cm))


def _fit_shoulder(shoulder_cm: Column, joint_distance_cm: Column) -> ShoulderCoefficients:
    ratio = float(np.median(shoulder_cm / joint_distance_cm))
    return ShoulderCoefficients(
        breadth_per_joint_distance=round(ratio, 4),
        residual_sd_cm=_report("shoulder", ratio * joint_distance_cm - shoulder_cm),
    )


def _report(name: str, errors_cm: Column) -> float:
    sys.stderr.write(
        f"{name}: n={len(errors_cm)} mae={np.abs(errors_cm).mean():.2f} cm, bias={errors_cm.mean():+.2f} cm\n"
    )
    return round(float(np.sqrt((errors_cm**2).mean())), 2)


if __name__ == "__main__":
    typer.run(main)
