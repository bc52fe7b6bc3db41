"""How the sizing service holds out: under load, beyond it, and over many requests.

    PYTHONPATH=tests python -m load.sizing.endurance [--requests 20000]

Asks a service of its own by HTTP from this machine, so that the asking takes its share of the cores. Prints a
table; exit status 1 when a promise is missed.
"""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory

from rich.console import Console
from sizing_service import SizingService, running_sizing
from typer import run

from load.meter import Meter
from load.quantile import quantile
from load.report import show
from load.row import Promise, Row
from load.sizing.traffic import Answered, Asker, ask_at_random, asker, keep_asking, watching
from wearon_devkit.embedded.valkey import Valkey
from wearon_devkit.processes.child import running
from wearon_devkit.run_folder import RunFolder

_SATURATING, _SATURATED_S = 8, 8.0
_LOAD = 0.7
_OVERLOADING, _OVERLOADED_S = 96, 10.0
_WATCH_EVERY_S = 0.1
_LOOK_EVERY = 10  # answers; looking at the memory takes 10 ms
_MOST_GROWTH = 1.05  # of memory; what the allocator keeps and gives back is a few percent
_RANDOM = Random(7)  # noqa: S311 - spreads requests, guards nothing


def main(requests: int = 2000) -> None:
    """Print what the service does beside what is promised."""
    with _service() as sizing:
        rows = asyncio.run(_measure(sizing, requests))
    show({f"Sizing, {requests:,} requests": rows}, Console())
    sys.exit(0 if all(row.kept is not False for row in rows) else 1)


@contextmanager
def _service() -> Iterator[SizingService]:
    with TemporaryDirectory() as folder, RunFolder.claim(Path(folder) / "valkey") as valkey_folder:
        valkey = Valkey(valkey_folder)
        with running([valkey.server()], valkey_folder) as [child]:
            child.wait_until_ready()
            with running_sizing(Path(folder) / "sizing", REDIS_URL=valkey.url) as sizing:
                yield sizing


async def _measure(sizing: SizingService, requests: int) -> list[Row]:
    async with asker(sizing.client.base_url) as asking:
        await keep_asking(asking, _SATURATING, _SATURATED_S / 4, _RANDOM)  # warms both sides up
        answers = await keep_asking(asking, _SATURATING, _SATURATED_S, _RANDOM)
        most_per_s = len(answers) / _SATURATED_S
        return [
            Row("most that it answers", most_per_s, "/s"),
            *await _under_load(asking, sizing, most_per_s, requests),
            *await _overloaded(asking),
        ]


async def _under_load(asking: Asker, sizing: SizingService, most_per_s: float, requests: int) -> list[Row]:
    meter, rss_mib, answered = Meter([sizing.child]), [], count()

    def look() -> None:
        if next(answered) % _LOOK_EVERY == 0:
            rss_mib.append(meter.read().rss_mib)

    answers = await ask_at_random(asking, _LOAD * most_per_s, requests, _RANDOM, look)
    tenth = len(rss_mib) // 10
    early_mib, late_mib = median(rss_mib[tenth : 2 * tenth]), median(rss_mib[-tenth:])
    return [
        Row(f"answer at {_LOAD:.0%} of it, median", _quantile_ms(answers, 0.5), "ms"),
        Row(
            f"answer at {_LOAD:.0%} of it, P95", _quantile_ms(answers, 0.95), "ms", promise=Promise("<", 1000)
        ),
        Row("not answered with 200 or 422", _share_beside(answers, {200, 422}), "%", promise=Promise("≤", 0)),
        Row("memory, last tenth beside the second", late_mib, "MiB", early_mib, _flat()),
        Row("memory, most", max(rss_mib), "MiB"),
    ]


async def _overloaded(asking: Asker) -> list[Row]:
    async with watching(asking, ("/health", "/metrics"), _WATCH_EVERY_S) as watched:
        answers = await keep_asking(asking, _OVERLOADING, _OVERLOADED_S, _RANDOM)
    shed = [answer for answer in answers if answer.status == 503]
    return [
        Row(f"answered of {_OVERLOADING} callers", (len(answers) - len(shed)) / _OVERLOADED_S, "/s"),
        Row("shed", len(shed) / _OVERLOADED_S, "/s", promise=Promise("≥", 1)),
        Row("shed answer, P95", _quantile_ms(shed, 0.95), "ms", promise=Promise("<", 50)),
        Row("shed answer, longest", _quantile_ms(shed, 1), "ms"),
        Row("health and metrics, P95", _quantile_ms(watched, 0.95), "ms", promise=Promise("<", 200)),
        Row("health and metrics, longest", _quantile_ms(watched, 1), "ms"),
    ]


def _flat() -> Promise:
    return Promise("≤", _MOST_GROWTH, of_ratio=True)


def _quantile_ms(answers: list[Answered], share: float) -> float:
    return quantile([answer.took_s * 1000 for answer in answers], share)


def _share_beside(answers: list[Answered], statuses: set[int]) -> float:
    return 100 * sum(answer.status not in statuses for answer in answers) / len(answers)


if __name__ == "__main__":
    run(main)
