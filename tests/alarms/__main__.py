"""`PYTHONPATH=tests python -m alarms`: what `make alarms` runs."""

from enum import StrEnum
from typing import Annotated

import typer

from alarms.breakages import BREAKAGES
from alarms.measure import measure
from alarms.report import as_markdown
from wearon_devkit.checkout import CHECKOUT
from wearon_devkit.commands.options import Directory
from wearon_devkit.commands.until_stopped import ending_well

_DIRECTORY = CHECKOUT / ".local" / "alarms"
_BY_NAME = {breakage.name: breakage for breakage in BREAKAGES}
Name = StrEnum("Name", {name: name for name in _BY_NAME})  # type: ignore[misc] # its members are data


def alarms(
    names: Annotated[list[Name] | None, typer.Argument(help="What to break; all when none is named.")] = None,
    directory: Directory = _DIRECTORY,
    at_once: Annotated[int, typer.Option(min=1, help="How many backends run at the same time.")] = 8,
) -> None:
    """Break running backends, one thing in each, and measure how long each alarm takes.

    Every break gets a backend and a Prometheus of its own. Exit 1 if an alarm takes five minutes or more, or
    comes without a reason.
    """
    chosen = [_BY_NAME[name] for name in (names or Name)]
    results = []
    with ending_well():
        for first in range(0, len(chosen), at_once):
            results += measure(chosen[first : first + at_once], directory, typer.echo)
    typer.echo(as_markdown(results))
    if not all(result.is_kept for result in results):
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(alarms)
