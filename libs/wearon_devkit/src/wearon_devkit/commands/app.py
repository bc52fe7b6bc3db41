"""The commands of `wearon-dev`, put together."""

import typer

from wearon_devkit.commands.audit import audit
from wearon_devkit.commands.backing import backing
from wearon_devkit.commands.chaos import chaos
from wearon_devkit.commands.contracts import contracts
from wearon_devkit.commands.dead_letters import dead_letters
from wearon_devkit.commands.demo import demo
from wearon_devkit.commands.monitor import monitor
from wearon_devkit.commands.submit import submit
from wearon_devkit.commands.up import up

app = typer.Typer(
    name="wearon-dev",
    help="WearOn's backend on one machine: real Valkey and PostgreSQL, no Docker, no accounts, no keys.",
    rich_markup_mode="markdown",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(backing)
app.command()(up)
app.command()(demo)
app.command()(monitor)
app.command()(submit)
app.command()(audit)
app.command()(chaos)
app.command()(contracts)
app.add_typer(dead_letters)
