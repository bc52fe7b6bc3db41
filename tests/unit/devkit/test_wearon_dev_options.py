"""What `wearon-dev` refuses before it starts anything."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from wearon_devkit.commands.app import app


@pytest.mark.parametrize("command", ["up", "backing"])
@pytest.mark.parametrize("latency", ["abc", "-1", "3-2", "1-2-3", "nan", "inf", ""])
def test_a_latency_that_is_none_is_refused_and_nothing_is_started(
    tmp_path: Path, command: str, latency: str
) -> None:
    directory = tmp_path / "run"
    result = CliRunner().invoke(app, [command, "--openai-latency", latency, "--dir", str(directory)])
    assert result.exit_code == 2
    shown = re.sub(r"[\s│]+", " ", result.stderr)
    assert "is neither seconds, like 0.5, nor a range of them, like 20-30" in shown
    assert not directory.exists()
