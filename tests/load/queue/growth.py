"""What a task costs when many wait and when many generators work: the same."""

from collections.abc import Iterator

from load.benchmark import Bench, Benchmark
from load.queue.growth_with_generators import rows_with_generators
from load.queue.growth_with_waiting import rows_with_waiting
from load.row import Row


def measure(bench: Bench) -> Iterator[Row]:
    """Measure at several sizes; the reference of each figure is the same one at the smallest."""
    yield from rows_with_waiting(bench, (1_000, 10_000, 100_000) if bench.full else (1_000, 20_000))
    yield from rows_with_generators(bench, (1, 2, 4, 8) if bench.full else (1, 4))


GROWTH = Benchmark("growth", "Growth: the cost of a task", measure)
