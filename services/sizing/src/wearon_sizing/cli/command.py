import asyncio
import json
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TextIO

import typer
from rich.console import Console
from rich.progress import Progress

from wearon_common.logs import configure_logging
from wearon_sizing.cli.annotated import annotate, to_jpeg
from wearon_sizing.cli.measured import Measured, Refused, measure_photos
from wearon_sizing.cli.printed import ResultSheet, as_json, print_result
from wearon_sizing.measurement import Person, Sex
from wearon_sizing.pose_model import PoseModelUnavailable, read_pose_model
from wearon_sizing.sizes import DEFAULT_CHART, SizeChart, load_charts

_PICTURES = {".jpg", ".jpeg", ".png", ".webp"}
_ANNOTATED = "-size.jpg"
_POSE_MODEL = Path(".local/models/pose_landmarker_full.task")

Photo = Annotated[Path, typer.Argument(exists=True, help="A photo, or a folder of photos")]
Height = Annotated[float, typer.Option(min=100, max=250, help="Stature in cm")]
Weight = Annotated[float | None, typer.Option(min=25, max=300, help="Weight in kg, if known")]
ChosenSex = Annotated[Sex | None, typer.Option(help="If known")]
Chart = Annotated[str, typer.Option(help="Name of the size chart")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, one line a photo")]
Output = Annotated[
    Path | None,
    typer.Option(help="Annotated picture (with --json there is none without this), or the folder's CSV file"),
]
Model = Annotated[Path, typer.Option(envvar="POSE_MODEL_PATH", help="pose_landmarker_full.task")]


def main() -> None:
    """Run `wearon-size`."""
    typer.run(measure)


def measure(  # noqa: PLR0913, PLR0917 - each is an option of the command line
    photo: Photo,
    height: Height,
    weight: Weight = None,
    sex: ChosenSex = None,
    chart: Chart = DEFAULT_CHART,
    as_lines: Json = False,
    output: Output = None,
    model: Model = _POSE_MODEL,
) -> None:
    """Measure the person in a photo, or those in a folder of photos, all of the given height.

    Draws what it saw beside the photo, as PHOTO-size.jpg; of a folder it writes sizes.csv into it.
    """
    configure_logging("wearon-size", "ERROR")
    charts = load_charts()
    if chart not in charts:
        raise typer.BadParameter(f"there are {', '.join(charts)}", param_hint="--chart")
    run = _Run(Person(height, weight, sex), charts[chart], _read_model(model))
    if photo.is_dir():
        asyncio.run(_measure_folder(run, photo, output, as_lines=as_lines))
    else:
        asyncio.run(_measure_photo(run, photo, output, as_lines=as_lines))


@dataclass(frozen=True, slots=True)
class _Run:
    person: Person
    chart: SizeChart
    pose_model: bytes

    def measure(self, photos: list[Path]) -> AsyncIterator[Measured | Refused]:
        return measure_photos(photos, self.person, self.chart, self.pose_model)


def _read_model(path: Path) -> bytes:
    try:
        return read_pose_model(path)
    except PoseModelUnavailable as error:
        hint = "`make set-up` in a checkout gets it; elsewhere, say where it is with POSE_MODEL_PATH"
        raise typer.BadParameter(f"{error}; {hint}", param_hint="--model") from None


async def _measure_photo(run: _Run, photo: Path, output: Path | None, *, as_lines: bool) -> None:
    async for result in run.measure([photo]):
        if as_lines:
            sys.stdout.write(json.dumps(as_json(result)) + "\n")
        else:
            print_result(result, Console())
        if isinstance(result, Refused):
            raise typer.Exit(1)
        if output or not as_lines:
            _write_annotated(result, output or photo.with_name(f"{photo.stem}{_ANNOTATED}"))


def _write_annotated(measured: Measured, file: Path) -> None:
    if file.exists() and file.samefile(measured.photo):
        raise typer.BadParameter("this is the photo itself", param_hint="--output")
    try:
        file.write_bytes(to_jpeg(annotate(measured)))
    except OSError as error:
        raise _not_writable(file, error) from None
    Console(stderr=True).print(f"annotated picture: {file}")


async def _measure_folder(run: _Run, folder: Path, output: Path | None, *, as_lines: bool) -> None:
    photos = _photos_in(folder)
    if not photos:
        raise typer.BadParameter(f"there are no JPEG, PNG or WebP pictures in {folder}", param_hint="PHOTO")
    if as_lines:
        if output:
            raise typer.BadParameter("a folder's JSON goes to standard output", param_hint="--output")
        async for result in run.measure(photos):
            sys.stdout.write(json.dumps(as_json(result)) + "\n")
        return
    sheet = output or folder / "sizes.csv"
    with _open_sheet(sheet) as file, Progress(console=Console(stderr=True)) as progress:
        rows, task, refused = ResultSheet(file), progress.add_task("measuring", total=len(photos)), 0
        async for result in run.measure(photos):
            rows.add(result, folder)
            refused += isinstance(result, Refused)
            progress.advance(task)
    Console(stderr=True).print(f"{len(photos) - refused} measured, {refused} not: {sheet}")


def _open_sheet(file: Path) -> TextIO:
    try:
        return file.open("w", newline="", encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise _not_writable(file, error) from None


def _not_writable(file: Path, error: OSError) -> typer.BadParameter:
    return typer.BadParameter(f"{file} cannot be written: {error.strerror}", param_hint="--output")


def _photos_in(folder: Path) -> list[Path]:
    """Return the pictures in a folder and those below it, without those that this command drew."""
    pictures = {path for path in folder.rglob("*") if path.suffix.lower() in _PICTURES and not path.is_dir()}
    drawn = {picture.with_name(f"{picture.stem}{_ANNOTATED}") for picture in pictures}
    return sorted(pictures - drawn)
