"""Options that several commands have."""

from pathlib import Path
from typing import Annotated

import typer

from wearon_devkit.checkout import CHECKOUT

Directory = Annotated[
    Path,
    typer.Option("--dir", help="Where the run keeps its files; one run at a time.", file_okay=False),
]
OpenAiLatency = Annotated[
    str,
    typer.Option(
        "--openai-latency",
        metavar="SECONDS",
        help="Time of a local OpenAI answer: 0.5, or 20-30 for a range.",
    ),
]
DEFAULT_DIRECTORY = CHECKOUT / ".local" / "dev"
