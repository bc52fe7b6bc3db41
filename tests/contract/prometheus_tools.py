"""promtool, wherever it is to be had: installed, or in Prometheus' container."""

import shutil
import subprocess
from functools import cache

from wearon_devkit.checkout import ALERT_RULES
from wearon_devkit.monitoring.prometheus import IMAGE

PROMETHEUS = ALERT_RULES.parent
_LONGEST_S = 100


@cache
def why_no_promtool() -> str | None:
    """Say in one line why promtool cannot run; None: it can."""
    return None if _promtool() else "needs promtool: install the package `prometheus`, or start Docker"


def promtool(*words: str) -> str:
    """Run promtool in the folder of the configuration; raises `AssertionError` with what it said."""
    done = _run(*_promtool(), *words)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@cache
def _promtool() -> tuple[str, ...]:
    installed, docker = shutil.which("promtool"), shutil.which("docker")
    if installed:
        return (installed,)
    if docker and _run(docker, "image", "inspect", IMAGE).returncode == 0:
        where = (f"--volume={PROMETHEUS}:{PROMETHEUS}:ro", f"--workdir={PROMETHEUS}")
        return (docker, "run", "--rm", *where, "--entrypoint=promtool", IMAGE)
    return ()


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - the tests' own commands
        command, capture_output=True, text=True, timeout=_LONGEST_S, check=False, cwd=PROMETHEUS
    )
