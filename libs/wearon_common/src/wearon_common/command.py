"""The command line that every service has: no arguments, everything from the environment."""

from collections.abc import Callable
from importlib.metadata import version
from typing import TypeVar

import typer

from wearon_common.logs import configure_logging
from wearon_common.settings import ServiceSettings, describe_settings, load_settings

S = TypeVar("S", bound=ServiceSettings)


def run_service(name: str, summary: str, settings_type: type[S], serve: Callable[[S], None]) -> None:
    """Run the console script `name`: parse the command line, read the settings, log as JSON, serve."""
    app = typer.Typer(add_completion=False, rich_markup_mode=None)

    @app.command(help=f"{summary}\n\n{_settings_help(settings_type)}")
    def _command(
        show_version: bool = typer.Option(False, "--version", help="Print the version and exit."),
    ) -> None:
        if show_version:
            typer.echo(f"{name} {version(name)}")
            return
        settings = load_settings(settings_type)
        configure_logging(name, settings.log_level)
        serve(settings)

    app(prog_name=name)


def _settings_help(settings_type: type[ServiceSettings]) -> str:
    rows = "\n\n".join(
        f"  {name} [{default}]: {meaning}" if default else f"  {name}: {meaning}"
        for name, default, meaning in describe_settings(settings_type)
    )
    return f"Configured by environment variables alone:\n\n{rows}"
