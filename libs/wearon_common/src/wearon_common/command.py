"""The command line that every service has: no arguments, everything from the environment."""

from collections.abc import Callable
from importlib.metadata import version
from typing import TypeVar

import structlog
import typer

from wearon_common.logs import configure_logging
from wearon_common.settings import ServiceSettings, describe_settings, load_settings

S = TypeVar("S", bound=ServiceSettings)


def run_service(name: str, summary: str, settings_type: type[S], serve: Callable[[S], None]) -> None:
    """Run the console script `name`: parse the command line, read the settings, log as JSON, serve."""
    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)

    @app.command(help=f"{summary}\n\n{_settings_help(settings_type)}")
    def _command(
        show_version: bool = typer.Option(False, "--version", help="Print the version and exit."),
    ) -> None:
        if show_version:
            typer.echo(f"{name} {version(name)}")
            return
        settings = load_settings(settings_type)
        configure_logging(name, settings.log_level)
        _serve_or_log(serve, settings)

    app(prog_name=name)


def _serve_or_log(serve: Callable[[S], None], settings: S) -> None:
    try:
        serve(settings)
    except Exception as error:  # noqa: BLE001 - the outermost frame: what ends a service is a log line too
        structlog.get_logger().exception("service_failed", error=type(error).__name__)
        raise typer.Exit(1) from None


def _settings_help(settings_type: type[ServiceSettings]) -> str:
    rows = "\n\n".join(
        f"  {name} [{default}]: {meaning}" if default else f"  {name}: {meaning}"
        for name, default, meaning in describe_settings(settings_type)
    )
    return f"Configured by environment variables alone:\n\n{rows}"
