"""`wearon-dev up`."""

from typing import Annotated

import typer

from wearon_devkit.backing import OPENAI_LATENCY_S
from wearon_devkit.commands.announcement import Announcement
from wearon_devkit.commands.options import DEFAULT_DIRECTORY, Directory, OpenAiLatency
from wearon_devkit.commands.until_stopped import AS_WANTED, end_on_signal, ending_well, stay
from wearon_devkit.services import StackPlan
from wearon_devkit.stack import Stack


def up(
    directory: Directory = DEFAULT_DIRECTORY,
    generators: Annotated[int, typer.Option(min=0, help="How many generator processes.")] = 1,
    consumers: Annotated[int, typer.Option(min=0, help="How many consumer processes.")] = 1,
    openai_latency_s: OpenAiLatency = OPENAI_LATENCY_S,
) -> None:
    """Run the whole backend: backing services, consumers, generators and sizing.

    Each is a process of its own. Says one line when all is ready and DIR/env is written, and stays until
    SIGTERM or Ctrl-C. A service that dies is started again; DIR/pids.json has the process ids.
    """
    announcement = Announcement()
    with (
        ending_well(),
        Stack.start(directory, StackPlan(consumers, generators, openai_latency_s=openai_latency_s)) as stack,
    ):
        end_on_signal(AS_WANTED)
        announcement.make(f"up, sizing at {stack.environment.sizing_url}", directory)
        stay(stack.check)
