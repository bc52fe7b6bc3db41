"""The whole of WearOn's backend, on this machine."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from wearon_devkit.backing import Backing
from wearon_devkit.environment import Environment
from wearon_devkit.processes.child import Child, running
from wearon_devkit.processes.kept_alive import KeptAlive
from wearon_devkit.run_folder import RunFolder
from wearon_devkit.services import LOCAL_TIMES, Service, StackPlan, replicas


def _to_stderr(line: str) -> None:
    sys.stderr.write(f"wearon-dev: {line}\n")


@dataclass(frozen=True)
class Stack:
    """Running services on running backing services."""

    environment: Environment
    backing: Backing
    services: tuple[KeptAlive, ...]
    _folder: RunFolder

    @classmethod
    @contextmanager
    def start(
        cls, directory: Path, plan: StackPlan | None = None, report: Callable[[str], None] = _to_stderr
    ) -> Iterator[Self]:
        """Start everything in `directory`, empty and ready, until the context ends.

        How to reach it is written to `directory/env`, the process ids to `directory/pids.json`. `report`
        gets a line for each restart of a service. Raises `RunFailed`.
        """
        plan = plan or StackPlan()
        sizing = [Service("sizing", plan.scripts / "wearon-sizing")] if plan.sizing else []
        consumers = replicas("consumer", plan.consumers, plan)
        generators = replicas("generator", plan.generators, plan)
        with RunFolder.claim(directory) as folder, Backing.run(folder, plan.openai_latency_s) as backing:
            variables = {**backing.environment.as_variables(), **LOCAL_TIMES, **plan.variables}
            programs = [service.program(variables) for service in (*sizing, *consumers, *generators)]
            environment = replace(
                backing.environment,
                sizing_url=sizing[0].url if sizing else "",
                consumer_health_urls=_health_urls(consumers),
                generator_health_urls=_health_urls(generators),
            )
            with running(programs, folder) as children:
                services = tuple(
                    KeptAlive(child, report, plan.restart_after, plan.quick_restarts) for child in children
                )
                stack = cls(environment, backing, services, folder)
                stack.wait_until_ready()
                stack._publish()
                yield stack

    @property
    def children(self) -> list[Child]:
        """Every process, backing services first."""
        return [*self.backing.children, *(service.child for service in self.services)]

    def wait_until_ready(self) -> None:
        """Wait until each process is ready. Raises `ChildFailed`."""
        for child in self.children:
            child.wait_until_ready()

    def check(self) -> None:
        """Start services again that have ended.

        Raises `ChildFailed` if a backing service has ended, or a service again and again.
        """
        self.backing.check()
        revived = [service.revive() for service in self.services]
        if any(revived):
            self._publish()

    def _publish(self) -> None:
        pids = {child.name: child.pid for child in self.children}
        self._folder.publish(self.environment.as_lines(), pids)


def _health_urls(services: Sequence[Service]) -> tuple[str, ...]:
    return tuple(f"{service.url}/health" for service in services)
