"""WearOn's own services, as programs."""

import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from wearon_devkit.backing import OPENAI_LATENCY_S
from wearon_devkit.ports import free_port
from wearon_devkit.processes.kept_alive import QUICK_RESTARTS, RESTART_AFTER
from wearon_devkit.processes.program import Program
from wearon_devkit.processes.readiness import answers_health

# Long enough for a generator to finish what it has begun in the usual time.
STOP_WITHIN = timedelta(seconds=30)
# Whoever kills a process here wants to see in seconds, not minutes, what becomes of its work. But a pose has
# ten times as long as in production: a machine that builds beside it may stand still for seconds.
LOCAL_TIMES = {
    "BROKER_VISIBILITY_TIMEOUT_SECONDS": "30",
    "CONSUMER_HEARTBEAT_SECONDS": "6",
    "GENERATION_LEASE_SECONDS": "20",
    "POSE_TIMEOUT_SECONDS": "30",
    "SWEEP_GRACE_SECONDS": "30",
    "SWEEP_INTERVAL_SECONDS": "5",
}
INSTALLED_SCRIPTS = Path(sysconfig.get_path("scripts"))


@dataclass(frozen=True)
class StackPlan:
    """What to run: how many of each service, from which console scripts, before how slow an OpenAI.

    `variables` go to each service on top of the environment of the run.
    """

    consumers: int = 1
    generators: int = 1
    sizing: bool = True
    openai_latency_s: str = OPENAI_LATENCY_S
    restart_after: timedelta = RESTART_AFTER
    quick_restarts: int = QUICK_RESTARTS
    scripts: Path = INSTALLED_SCRIPTS
    variables: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Service:
    """One process of one service, and the port that it answers on."""

    name: str
    script: Path
    port: int = field(default_factory=free_port)

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def program(self, variables: Mapping[str, str]) -> Program:
        """Return the process to run, configured by `variables` alone."""
        return Program(
            self.name,
            (str(self.script),),
            answers_health(self.port),
            {**variables, "PORT": str(self.port)},
            stop_within=STOP_WITHIN,
        )


def replicas(kind: str, count: int, plan: StackPlan) -> list[Service]:
    """Return `count` processes of the service `wearon-KIND`, numbered from 1."""
    return [Service(f"{kind}-{number}", plan.scripts / f"wearon-{kind}") for number in range(1, count + 1)]
