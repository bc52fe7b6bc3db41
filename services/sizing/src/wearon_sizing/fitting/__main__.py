"""Fit the shape model to a data set, or tell how good it is.

    python -m wearon_sizing.fitting fit DATA --model FILE > shape_model.json
    python -m wearon_sizing.fitting report DATA --model FILE --pictures docs/images/sizing

DATA holds `bodies/manifest.csv` with the pictures it names and `ansur_ii/` with the survey's two files.
Progress is on standard error. The model belongs to `measurement/shape_model.json`.
"""

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from wearon_sizing.fitting.bodies import Bodies, read_bodies
from wearon_sizing.fitting.model import fit_model
from wearon_sizing.fitting.report import report
from wearon_sizing.fitting.survey import Survey, read_survey
from wearon_sizing.pose_landmarker import detect_pose, open_pose_landmarker
from wearon_sizing.pose_model import read_pose_model
from wearon_sizing.quiet_stderr import quiet_stderr
from wearon_sizing.sketch import sketch_person

app = typer.Typer(help="Fit the shape model to a data set, or tell how good it is.", no_args_is_help=True)

Data = Annotated[Path, typer.Argument(envvar="SIZING_DATA", help="Folder with bodies/ and ansur_ii/")]
Model = Annotated[Path, typer.Option(envvar="POSE_MODEL_PATH", help="pose_landmarker_full.task")]
Pictures = Annotated[Path | None, typer.Option(help="Folder for the reliability diagrams")]


@app.command()
def fit(data: Data, model: Model) -> None:
    """Print the fitted model as JSON."""
    sys.stdout.write(fit_model(*_read(data, model)).model_dump_json(indent=1) + "\n")


@app.command("report")
def print_report(data: Data, model: Model, pictures: Pictures = None) -> None:
    """Print the cross-validated accuracy and calibration."""
    report(*_read(data, model), pictures, Console(width=130))


def _read(data: Path, model: Path) -> tuple[Bodies, Survey]:
    with quiet_stderr():  # MediaPipe talks while it starts
        landmarker = open_pose_landmarker(read_pose_model(model))
        detect_pose(landmarker, sketch_person())
    return read_bodies(data / "bodies", landmarker), read_survey(data / "ansur_ii")


if __name__ == "__main__":
    app()
