"""`wearon-dev demo`."""

import os
from collections.abc import Mapping
from contextlib import ExitStack
from enum import StrEnum
from typing import Annotated

import typer
from rich.console import Console

from wearon_devkit.checkout import CHECKOUT
from wearon_devkit.commands.options import Directory
from wearon_devkit.commands.until_stopped import ending_well
from wearon_devkit.demo.run import run_demo
from wearon_devkit.demo.scenario import scenario
from wearon_devkit.run_failed import RunFailed
from wearon_devkit.services import StackPlan
from wearon_devkit.stack import Stack

_DIRECTORY = CHECKOUT / ".local" / "demo"
_OPENAI = "https://api.openai.com/v1"


class OpenAI(StrEnum):
    """Who makes the images."""

    LOCAL = "local"
    REAL = "real"


def demo(
    directory: Directory = _DIRECTORY,
    openai: Annotated[
        OpenAI, typer.Option(help="The local stand-in, or the real API with your OPENAI_API_KEY.")
    ] = OpenAI.LOCAL,
) -> None:
    """Run real try-ons end to end and watch them: images, a clothing size, and the books.

    Starts everything, asks for try-ons as the app does, and stops everything again.
    """
    console = Console()
    with ending_well(), ExitStack() as running:
        plan = StackPlan(variables=_openai_variables(openai))
        console.print(
            "demo: starting Valkey, PostgreSQL, local stand-ins and the three services", highlight=False
        )
        stack = running.enter_context(Stack.start(directory, plan))
        wanted = scenario(moderation=openai is OpenAI.LOCAL)
        line = run_demo(stack, wanted, directory / "images", console)
    typer.echo(line)


def _openai_variables(openai: OpenAI) -> Mapping[str, str]:
    if openai is OpenAI.LOCAL:
        return {}
    key = os.environ.get("OPENAI_API_KEY")
    if not key:
        raise RunFailed("--openai real needs your key in OPENAI_API_KEY")
    return {"OPENAI_BASE_URL": os.environ.get("OPENAI_BASE_URL", _OPENAI), "OPENAI_API_KEY": key}
