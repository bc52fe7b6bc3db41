"""`wearon-dev backing`."""

from wearon_devkit.backing import OPENAI_LATENCY_S, Backing
from wearon_devkit.commands.announcement import Announcement
from wearon_devkit.commands.options import DEFAULT_DIRECTORY, Directory, OpenAiLatency
from wearon_devkit.commands.until_stopped import AS_WANTED, end_on_signal, ending_well, stay


def backing(
    directory: Directory = DEFAULT_DIRECTORY, openai_latency_s: OpenAiLatency = OPENAI_LATENCY_S
) -> None:
    """Run what the services need: Valkey, PostgreSQL, and local stand-ins of Supabase and OpenAI.

    Says one line when all is ready and DIR/env is written, and stays until SIGTERM or Ctrl-C.
    """
    announcement = Announcement()
    with ending_well(), Backing.start(directory, openai_latency_s) as running:
        end_on_signal(AS_WANTED)
        announcement.make("backing services are ready", directory)
        stay(running.check)
