"""Runs benchmarks one after another: they would disturb each other."""

import time
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from load.benchmark import Bench, Benchmark
from load.report import Results
from load.row import Row


def run_benchmarks(
    benchmarks: Sequence[Benchmark], directory: Path, *, full: bool, seed: int, console: Console
) -> Results:
    """Run them and give their rows by title; raises `RunFailed` when the local platform itself fails."""
    results: dict[str, Sequence[Row]] = {}
    for number, benchmark in enumerate(benchmarks, start=1):
        began_s = time.monotonic()
        place = f"{number}/{len(benchmarks)} {benchmark.title}"
        with console.status(place) as status:

            def tell(what: str, place: str = place) -> None:
                status.update(f"{place}: {what}")

            results[benchmark.title] = list(
                benchmark.measure(Bench(full, seed, directory / benchmark.name, tell))
            )
        console.print(f"{place}: {time.monotonic() - began_s:.0f} s", highlight=False)
    return results
