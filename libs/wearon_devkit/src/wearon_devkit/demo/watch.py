"""Watches the demo's try-ons until all have ended."""

import time
from collections.abc import Callable, Sequence
from datetime import timedelta

from rich.console import Console
from rich.live import Live

from wearon_devkit.demo.progress import Progress
from wearon_devkit.demo.scenario import Scenario
from wearon_devkit.demo.table import ProgressTable
from wearon_devkit.producer import TryOn
from wearon_devkit.run_failed import RunFailed

_LOOK_EVERY_S = 0.2


class NotFinished(RunFailed):
    """The try-ons did not end in time."""


def watch(
    scenario: Scenario,
    try_ons: Sequence[TryOn],
    look: Callable[[], Progress],
    console: Console,
    patience: timedelta,
) -> Progress:
    """Show the table until everything has ended; on anything but a terminal, only how it ended.

    Raises `NotFinished`.
    """
    table = ProgressTable(scenario, try_ons)
    give_up_s = time.monotonic() + patience.total_seconds()
    with Live(console=console, auto_refresh=False) as live:
        while True:
            progress = look()
            live.update(table.draw(progress), refresh=True)
            if progress.is_finished(scenario):
                return progress
            if time.monotonic() > give_up_s:
                raise NotFinished(f"not finished after {patience.total_seconds():.0f} s")
            time.sleep(_LOOK_EVERY_S)
