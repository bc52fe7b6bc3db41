"""`wearon-dev monitor`."""

from typing import Annotated

import typer

from wearon_devkit.checkout import ALERT_RULES
from wearon_devkit.commands.options import DEFAULT_DIRECTORY, Directory
from wearon_devkit.commands.target import the_run_in
from wearon_devkit.commands.until_stopped import AS_WANTED, end_on_signal, ending_well, stay
from wearon_devkit.monitoring.configuration import local_configuration
from wearon_devkit.monitoring.prometheus import prometheus
from wearon_devkit.processes.child import running
from wearon_devkit.run_folder import RunFolder

_USUAL_PORT = 9090


def monitor(
    directory: Directory = DEFAULT_DIRECTORY,
    port: Annotated[int, typer.Option(help="Port of Prometheus on this machine.")] = _USUAL_PORT,
) -> None:
    """Watch a local run (`wearon-dev up`) with Prometheus and the alert rules of production.

    Takes the installed `prometheus`, or its container. Its database begins empty. Says where to look when it
    is ready, and stays until SIGTERM or Ctrl-C.
    """
    with ending_well():
        configuration = local_configuration(the_run_in(directory), ALERT_RULES)
        with (
            RunFolder.claim(directory / "monitor") as folder,
            running([prometheus(port, configuration, ALERT_RULES, folder)], folder) as [child],
        ):
            end_on_signal(AS_WANTED)
            child.wait_until_ready()
            typer.echo(_where_to_look(port))
            stay(child.require_running)


def _where_to_look(port: int) -> str:
    at = f"http://127.0.0.1:{port}"
    return "\n".join(
        [
            "wearon-dev: Prometheus watches the run; Ctrl-C ends it",
            f"  alarms   {at}/alerts (Watchdog always fires)",
            f"  targets  {at}/targets",
            f"  queries  {at}/graph?g0.expr=slo%3Aerrors%3Aratio_rate5m&g0.tab=0",
        ]
    )
