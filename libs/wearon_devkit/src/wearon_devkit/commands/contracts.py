"""`wearon-dev contracts`."""

from typing import Annotated

import typer

from wearon_devkit.checkout import CONTRACTS
from wearon_devkit.contracts.files import drifted, write


def contracts(
    check: Annotated[
        bool, typer.Option("--check", help="Only say what differs; exit 1 if anything does.")
    ] = False,
) -> None:
    """Write `contracts/`: the task as JSON Schema, TypeScript type and test vectors."""
    stale = drifted(CONTRACTS)
    if not check:
        write(CONTRACTS)
    for name in stale:
        typer.echo(f"{'differs' if check else 'written'}: contracts/{name}")
    if check and stale:
        raise typer.Exit(1)
