"""Runs a service that dies by SIGKILL exactly where a plan says.

`python -m wearon_devkit.chaos.crash SERVICE PLAN`. PLAN is a folder. A file in it holds the name of a step
and is named after what the crash is about: a session or a message that the step must concern, or
`process-PID`. The process that comes to that step appends its id to the file's name and dies. So each crash
happens once, whichever process it hits.
"""

import functools
import importlib
import inspect
import os
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import structlog

from wearon_devkit.chaos.last_call import LastCall, die
from wearon_devkit.chaos.rebirth import serve_again_and_again
from wearon_devkit.chaos.steps import STEPS, Moment, Step

Call = Callable[..., Any]


class Plan:
    """The crashes still to come."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._calls: Counter[tuple[str, str]] = Counter()

    def is_due(self, step: Step, *involved: object) -> bool:
        """Say whether the process must die now: `step` is planned for something that is involved."""
        about = self._planned(step, involved)
        if about is None:
            return False
        self._calls[about, step.name] += 1
        return self._calls[about, step.name] == step.call and self._take(about)

    def _planned(self, step: Step, involved: tuple[object, ...]) -> str | None:
        text = f"{structlog.contextvars.get_contextvars()} {involved!r}"
        for file in self._folder.iterdir():
            is_about_us = file.name == f"process-{os.getpid()}" or file.name in text
            if is_about_us and _content(file) == step.name:
                return file.name
        return None

    def _take(self, about: str) -> bool:
        try:
            (self._folder / about).rename(self._folder / f"{about}.{os.getpid()}")
        except FileNotFoundError:
            return False
        return True


def install(plan: Plan, service: str) -> None:
    """Put a crash around every step of a service."""
    last_call = LastCall()
    last_call.watch()
    for step in STEPS:
        if step.service == service:
            _wrap(step, plan, last_call)


def _wrap(step: Step, plan: Plan, last_call: LastCall) -> None:
    module_name, _, path = step.target.partition(":")
    owner: Any = importlib.import_module(module_name)
    *outer, name = path.split(".")
    for part in outer:
        owner = getattr(owner, part)
    original = getattr(owner, name)
    wrapped = (
        _asynchronous(original, step, plan, last_call)
        if inspect.iscoroutinefunction(original)
        else _synchronous(original, step, plan)
    )
    setattr(owner, name, functools.wraps(original)(wrapped))


def _asynchronous(
    original: Callable[..., Awaitable[Any]], step: Step, plan: Plan, last_call: LastCall
) -> Call:
    async def call(*args: object, **kwargs: object) -> object:
        if step.moment is Moment.BEFORE and plan.is_due(step, args, kwargs):
            die()
        if step.moment is Moment.DURING and plan.is_due(step, args, kwargs):
            await last_call.make(original(*args, **kwargs))
        result = await original(*args, **kwargs)
        if step.moment is Moment.AFTER and plan.is_due(step, args, kwargs, result):
            die()
        return result

    return call


def _synchronous(original: Call, step: Step, plan: Plan) -> Call:
    def call(*args: object, **kwargs: object) -> object:
        # A Celery task is a proxy: its request names the session.
        request = getattr(args[0], "request", None)
        if step.moment is Moment.BEFORE and plan.is_due(step, args, kwargs, request):
            die()
        try:
            return original(*args, **kwargs)
        finally:
            if step.moment is Moment.AFTER and plan.is_due(step, args, kwargs, request):
                die()

    return call


def _content(file: Path) -> str | None:
    try:
        return file.read_text()
    except FileNotFoundError:  # another process has just died there
        return None


def main(service: str, plan: str) -> None:
    """Run a console script of ours with its crashes, and start it again after each."""
    install(Plan(Path(plan)), service)
    [script] = entry_points(group="console_scripts", name=f"wearon-{service}")
    sys.argv = [f"wearon-{service}"]
    sys.exit(serve_again_and_again(script.load()))


if __name__ == "__main__":
    main(*sys.argv[1:])
