"""Options that several commands have."""

import math
from pathlib import Path
from typing import Annotated

import typer

from wearon_devkit.checkout import CHECKOUT
from wearon_devkit.openai_local.latency import LatencyRange


def _latency(text: str) -> str:
    try:
        latency = LatencyRange.parse(text)
    except ValueError:
        latency = None
    if latency is None or math.isinf(latency.longest_s):
        raise typer.BadParameter(f"{text!r} is neither seconds, like 0.5, nor a range of them, like 20-30")
    return text


Directory = Annotated[
    Path,
    typer.Option("--dir", help="Where the run keeps its files; one run at a time.", file_okay=False),
]
ChosenDirectory = Annotated[
    Path | None,
    typer.Option("--dir", help="Work on the run in this folder, whatever the environment names."),
]
FromEnvironment = Annotated[
    bool,
    typer.Option("--from-environment", help="Work on what the environment names, whatever runs here."),
]
OpenAiLatency = Annotated[
    str,
    typer.Option(
        "--openai-latency",
        metavar="SECONDS",
        callback=_latency,
        help="Time of a local OpenAI answer: 0.5, or 20-30 for a range.",
    ),
]
DEFAULT_DIRECTORY = CHECKOUT / ".local" / "dev"
