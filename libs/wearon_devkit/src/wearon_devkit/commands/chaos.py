"""`wearon-dev chaos`."""

import random
from datetime import timedelta
from typing import Annotated

import typer
from rich.console import Console

from wearon_devkit.chaos.judgement import judge
from wearon_devkit.chaos.report import show
from wearon_devkit.chaos.run import run_chaos
from wearon_devkit.chaos.schedule import FULL, SHORT
from wearon_devkit.checkout import CHECKOUT
from wearon_devkit.commands.options import Directory
from wearon_devkit.commands.until_stopped import ending_well

_DIRECTORY = CHECKOUT / ".local" / "chaos"
_PATIENCE = timedelta(seconds=180)


def chaos(
    directory: Directory = _DIRECTORY,
    seed: Annotated[int | None, typer.Option(help="Repeats a run; drawn and shown when not given.")] = None,
    short: Annotated[bool, typer.Option("--short", help="Under a minute instead of about five.")] = False,
) -> None:
    """Kill, stop, freeze and spoil everything while tasks arrive; exit 1 if a promise was broken.

    Three generators and two consumers under a schedule that the seed decides: crashes, restarts, Redis with
    and without its data, faults of Supabase and OpenAI, and other writers of the same rows.
    """
    console = Console()
    seed = random.randrange(1_000_000) if seed is None else seed  # noqa: S311 - to be repeated, not secret
    console.print(f"chaos: seed {seed}", highlight=False)
    with ending_well():
        aftermath = run_chaos(seed, SHORT if short else FULL, directory, _PATIENCE, console)
    verdict = judge(aftermath)
    show(aftermath, verdict, console)
    broken = verdict.broken_promises
    typer.echo(f"chaos: {'; '.join(broken) if broken else 'every promise kept'}")
    if broken:
        raise typer.Exit(1)
