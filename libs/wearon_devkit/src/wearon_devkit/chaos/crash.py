"""Runs a service that dies by SIGKILL exactly where a plan says.

`python -m wearon_devkit.chaos.crash SERVICE PLAN`. PLAN is a folder. A file in it is named after a session
and holds the name of a step; the process that comes to that step for that session removes the file and dies.
So each crash happens once, whichever process it hits.
"""

import asyncio
import functools
import importlib
import inspect
import os
import signal
import sys
import threading
from collections import Counter
from collections.abc import Awaitable, Callable
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import structlog

from wearon_devkit.chaos.steps import STEPS, Moment, Step

_INTO_THE_CALL_S = 0.004  # a request is on its way by then

Call = Callable[..., Any]


class Plan:
    """The crashes still to come."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._calls: Counter[tuple[str, str]] = Counter()

    def is_due(self, step: Step, *involved: object) -> bool:
        """Say whether the process must die now: `step` is the planned one of a session that is involved."""
        session_id = self._session_planned(step, involved)
        if session_id is None:
            return False
        self._calls[session_id, step.name] += 1
        return self._calls[session_id, step.name] == step.call and self._take(session_id)

    def _session_planned(self, step: Step, involved: tuple[object, ...]) -> str | None:
        text = f"{structlog.contextvars.get_contextvars()} {involved!r}"
        for file in self._folder.iterdir():
            if file.name in text and file.read_text() == step.name:
                return file.name
        return None

    def _take(self, session_id: str) -> bool:
        try:
            (self._folder / session_id).unlink()
        except FileNotFoundError:
            return False
        return True


def install(plan: Plan, service: str) -> None:
    """Put a crash around every step of a service."""
    for step in STEPS:
        if step.service == service:
            _wrap(step, plan)


def die() -> None:
    """End this process as a power cut would."""
    os.kill(os.getpid(), signal.SIGKILL)


def _wrap(step: Step, plan: Plan) -> None:
    module_name, _, path = step.target.partition(":")
    owner: Any = importlib.import_module(module_name)
    *outer, name = path.split(".")
    for part in outer:
        owner = getattr(owner, part)
    original = getattr(owner, name)
    wrapped = _asynchronous if inspect.iscoroutinefunction(original) else _synchronous
    setattr(owner, name, functools.wraps(original)(wrapped(original, step, plan)))


def _asynchronous(original: Callable[..., Awaitable[Any]], step: Step, plan: Plan) -> Call:
    async def call(*args: object, **kwargs: object) -> object:
        if step.moment is Moment.BEFORE and plan.is_due(step, args, kwargs):
            die()
        if step.moment is Moment.DURING and plan.is_due(step, args, kwargs):
            asyncio.get_running_loop().call_later(_INTO_THE_CALL_S, die)
        result = await original(*args, **kwargs)
        if step.moment is Moment.AFTER and plan.is_due(step, args, kwargs, result):
            die()
        return result

    return call


def _synchronous(original: Call, step: Step, plan: Plan) -> Call:
    def call(*args: object, **kwargs: object) -> object:
        if step.moment is Moment.DURING and plan.is_due(step, args, kwargs):
            threading.Timer(_INTO_THE_CALL_S, die).start()
        try:
            return original(*args, **kwargs)
        finally:
            request = getattr(
                args[0], "request", None
            )  # a Celery task is a proxy: its request names the session
            if step.moment is Moment.AFTER and plan.is_due(step, args, kwargs, request):
                die()

    return call


def main(service: str, plan: str) -> None:
    """Run a console script of ours with its crashes."""
    install(Plan(Path(plan)), service)
    [script] = entry_points(group="console_scripts", name=f"wearon-{service}")
    sys.argv = [f"wearon-{service}"]
    script.load()()


if __name__ == "__main__":
    main(*sys.argv[1:])
