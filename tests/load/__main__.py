"""`PYTHONPATH=tests python -m load`: what `make bench` runs."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from load.generation.fairness import FAIRNESS
from load.generation.rate_limit import RATE_LIMIT
from load.generation.throughput import GENERATION
from load.images.cost import IMAGES
from load.queue.consumer_backlog import CONSUMER_BACKLOG
from load.queue.growth import GROWTH
from load.report import show, write_json
from load.run import run_benchmarks
from wearon_devkit.checkout import CHECKOUT
from wearon_devkit.commands.options import Directory
from wearon_devkit.commands.until_stopped import ending_well

_DIRECTORY = CHECKOUT / ".local" / "bench"
_BENCHMARKS = {
    benchmark.name: benchmark
    for benchmark in (IMAGES, CONSUMER_BACKLOG, GENERATION, RATE_LIMIT, FAIRNESS, GROWTH)
}
Name = StrEnum("Name", {name: name for name in _BENCHMARKS})  # type: ignore[misc] # its members are data


def bench(
    names: Annotated[list[Name] | None, typer.Argument(help="Which ones; all when none is named.")] = None,
    directory: Directory = _DIRECTORY,
    full: Annotated[
        bool, typer.Option("--full", help="The long form, about 25 minutes instead of 8.")
    ] = False,
    seed: Annotated[int, typer.Option(help="Of everything that is drawn.")] = 1,
    json_file: Annotated[
        Path | None,
        typer.Option("--json", help="Where to write the figures; bench.json in --dir by default."),
    ] = None,
) -> None:
    """Measure what the services can do, beside references in the same run; exit 1 if a promise is missed.

    Run it on a machine that does nothing else.
    """
    console = Console()
    chosen = [_BENCHMARKS[name] for name in (names or Name)]
    with ending_well():
        results = run_benchmarks(chosen, directory, full=full, seed=seed, console=console)
    show(results, console)
    file = json_file or directory / "bench.json"
    write_json(results, file)
    missed = [row.what.strip() for rows in results.values() for row in rows if row.kept is False]
    typer.echo(
        f"bench: {'; '.join(missed) + ' missed' if missed else 'every promise kept'}; figures in {file}"
    )
    if missed:
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(bench)
