"""`wearon-dev audit`."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from wearon_devkit.books import BooksUnreadableError, Report
from wearon_devkit.books import audit as read_books
from wearon_devkit.books.sheet import show
from wearon_devkit.commands.options import ChosenDirectory, FromEnvironment
from wearon_devkit.commands.target import Target, TargetUnknown

UNREADABLE = 2


def audit(
    directory: ChosenDirectory = None,
    from_environment: FromEnvironment = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the whole report as JSON.")] = False,
) -> None:
    """Check the books: deducted = completed + refunded + live, and every session and credit explained.

    Reads the database of the local run or the one that DATABASE_URL names; where these differ, choose with
    --dir or --from-environment. A read-only role is enough.

    Exit 0: the books balance; 1: they do not; 2: they cannot be read.
    """
    report = _read(directory, from_environment)
    if as_json:
        typer.echo(json.dumps(_as_json(report), indent=2, default=str))
    else:
        show(report, Console())
        typer.echo(report.summary)
    if not report.balanced:
        raise typer.Exit(1)


def _read(directory: Path | None, from_environment: bool) -> Report:
    try:
        target = Target.find("DATABASE_URL", directory, from_environment=from_environment)
        report = read_books(target.url)
    except (BooksUnreadableError, TargetUnknown) as error:
        typer.echo(f"audit: the books cannot be read: {error}", err=True)
        raise typer.Exit(UNREADABLE) from None
    typer.echo(f"audit: read the database that {target.source} names", err=True)
    return report


def _as_json(report: Report) -> dict[str, object]:
    findings = {
        name: [{**asdict(finding), "advice": finding.advice} for finding in getattr(report, name)]
        for name in ("imbalances", "notices")
    }
    totals = [{**asdict(totals), "even": totals.even} for totals in report.totals]
    return {"balanced": report.balanced, "summary": report.summary, "totals": totals, **findings}
