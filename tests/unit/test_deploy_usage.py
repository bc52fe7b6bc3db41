"""What a person gets who asks a deployment script for what it does not know."""

import subprocess
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).parents[2] / "infra" / "deploy"
WRONG_USAGE = 2


def run(folder: Path, script: str, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own script
        [SCRIPTS / script, *options], cwd=folder, capture_output=True, text=True, timeout=30, check=False
    )


@pytest.mark.parametrize("script", ["backup-redis", "deploy", "first-deploy", "rollback", "status"])
def test_help_is_on_standard_output(tmp_path: Path, script: str) -> None:
    helped = run(tmp_path, script, "--help")
    assert (helped.returncode, helped.stderr) == (0, "")
    assert helped.stdout.startswith(f"Usage: {script}")
    assert "Exit status:" in helped.stdout


@pytest.mark.parametrize("script", ["backup-redis", "deploy", "first-deploy", "rollback", "status"])
def test_an_unknown_option_is_named_and_nothing_is_done(tmp_path: Path, script: str) -> None:
    refused = run(tmp_path, script, "--nope")
    assert refused.returncode == WRONG_USAGE
    assert "there is no option --nope" in refused.stderr
    assert f"{script} --help" in refused.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("script", "option"),
    [("backup-redis", "--restore"), ("deploy", "--archive"), ("first-deploy", "--archive")],
)
def test_an_option_without_its_file_is_wrong_usage(tmp_path: Path, script: str, option: str) -> None:
    refused = run(tmp_path, script, option)
    assert refused.returncode == WRONG_USAGE
    assert "file" in refused.stderr
    assert "line" not in refused.stderr
