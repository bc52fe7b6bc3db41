"""A short, seeded run of everything going wrong at once."""

from datetime import timedelta
from pathlib import Path

import pytest
from rich.console import Console

from wearon_devkit.chaos.judgement import judge
from wearon_devkit.chaos.report import show
from wearon_devkit.chaos.run import run_chaos
from wearon_devkit.chaos.schedule import SHORT

SEED = 7
PATIENCE = timedelta(seconds=150)


@pytest.mark.timeout(300)
def test_every_promise_is_kept_when_everything_goes_wrong(tmp_path: Path) -> None:
    console = Console(width=100)
    aftermath = run_chaos(SEED, SHORT, tmp_path, PATIENCE, console)
    verdict = judge(aftermath)
    show(aftermath, verdict, console)
    assert verdict.broken_promises == []
