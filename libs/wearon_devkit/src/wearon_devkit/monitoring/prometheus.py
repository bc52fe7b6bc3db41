"""Prometheus as a child: the installed program, or its container."""

import shutil
import subprocess
from datetime import timedelta
from pathlib import Path
from signal import Signals

from wearon_devkit.processes.program import Program
from wearon_devkit.processes.readiness import answers_health
from wearon_devkit.run_failed import RunFailed
from wearon_devkit.run_folder import RunFolder

IMAGE = "prom/prometheus:v3.13.1"  # as in docker-compose.prod.yml
_DATA = "prometheus"
_KEPT = "1d"


class PrometheusMissing(RunFailed):
    """There is no Prometheus on this machine and no way to get one."""


def prometheus(port: int, configuration: str, rules: Path, folder: RunFolder) -> Program:
    """Return a Prometheus on 127.0.0.1:`port`, with an empty database, that reads `rules`.

    Raises `PrometheusMissing`.
    """
    file = folder.path / "prometheus.yml"
    file.write_text(configuration)
    return Program(
        "prometheus",
        (*_program(file, rules, folder), f"--config.file={file}", f"--web.listen-address=127.0.0.1:{port}"),
        answers_health(port, "/-/ready"),
        # Pulling the image may take a minute.
        ready_within=timedelta(minutes=3),
        # The docker command passes it on: killed, it would leave its container behind.
        parting_signal=Signals.SIGTERM,
    )


def _program(file: Path, rules: Path, folder: RunFolder) -> tuple[str, ...]:
    installed = shutil.which("prometheus")
    if installed:
        return (
            installed,
            f"--storage.tsdb.path={folder.folder(_DATA)}",
            f"--storage.tsdb.retention.time={_KEPT}",
        )
    docker = shutil.which("docker")
    if docker and _engine_answers(docker):
        read_only = (f"--volume={path}:{path}:ro" for path in (file, rules))
        return (docker, "run", "--rm", "--network=host", *read_only, IMAGE)
    raise PrometheusMissing(
        "Prometheus is not installed, and no Docker engine answers to run it in;"
        " install the package `prometheus`, or start Docker"
    )


def _engine_answers(docker: str) -> bool:
    return subprocess.run([docker, "info"], capture_output=True, check=False).returncode == 0  # noqa: S603 - found on PATH
