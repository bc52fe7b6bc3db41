"""`wearon-dev dead-letters`."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from wearon_devkit.commands.options import ChosenDirectory, FromEnvironment
from wearon_devkit.commands.target import Target, TargetUnknown
from wearon_devkit.dead_letters.box import BoxUnreachableError, DeadLetterBox
from wearon_devkit.dead_letters.buried_entry import BuriedEntry
from wearon_devkit.dead_letters.listing import describe, show_list
from wearon_devkit.dead_letters.selection import UnknownNumberError, select

UNREACHABLE = 2
HARMLESS = (
    "a session that was failed and refunded meanwhile stays so: its claim is refused, nothing is charged"
)

Number = Annotated[str, typer.Argument(help="The entry's number, or its beginning.")]
Numbers = Annotated[list[str] | None, typer.Argument(help="The entries' numbers, or their beginnings.")]
All = Annotated[bool, typer.Option("--all", help="Every entry that is buried now.")]
Yes = Annotated[
    bool, typer.Option("--yes", help="Do not ask; without a terminal only `drop --all` asks, and needs this.")
]

dead_letters = typer.Typer(
    name="dead-letters",
    help="Entries that could not become generations: look at them, push them again, drop them.\n\n"
    "Works on the Redis of the local run or on the one that REDIS_URL names; where these differ, choose "
    "with --dir or --from-environment.",
    no_args_is_help=True,
)


@dead_letters.command("list")
def list_all(directory: ChosenDirectory = None, from_environment: FromEnvironment = False) -> None:
    """List the buried entries, the one that was buried last first."""
    with _box(directory, from_environment) as (box, _):
        entries = box.entries()
    if entries:
        show_list(entries, Console())
    typer.echo(f"dead-letters: {_entries(len(entries))}")


@dead_letters.command()
def show(
    number: Number, directory: ChosenDirectory = None, from_environment: FromEnvironment = False
) -> None:
    """Show one entry and why it was buried, with private parts masked."""
    with _box(directory, from_environment) as (box, _):
        [buried] = select(box.entries(), [number])
    typer.echo(describe(buried))


@dead_letters.command()
def requeue(
    numbers: Numbers = None,
    every: All = False,
    yes: Yes = False,
    directory: ChosenDirectory = None,
    from_environment: FromEnvironment = False,
) -> None:
    """Push entries again, exactly as they were, and remove their letters."""
    with _box(directory, from_environment) as (box, place):
        chosen = _chosen(box, numbers, every)
        lost = [buried for buried in chosen if not buried.newest.restorable]
        for buried in lost:
            typer.echo(f"{buried.number}: refused, its original bytes are not in the letter", err=True)
        restorable = [buried for buried in chosen if buried.newest.restorable]
        _confirm("requeue", restorable, place, yes)
        _do_to_each(restorable, "requeued", box.requeue)
    if restorable:
        typer.echo(f"dead-letters: {HARMLESS}")
    if lost:
        raise typer.Exit(1)


@dead_letters.command()
def drop(
    numbers: Numbers = None,
    every: All = False,
    yes: Yes = False,
    directory: ChosenDirectory = None,
    from_environment: FromEnvironment = False,
) -> None:
    """Remove entries for good; their sessions were failed and refunded when they were buried."""
    if every and not yes and not sys.stdin.isatty():
        raise typer.BadParameter("without a terminal on which to ask, --all needs --yes")
    with _box(directory, from_environment) as (box, place):
        chosen = _chosen(box, numbers, every)
        _confirm("drop", chosen, place, yes)
        _do_to_each(chosen, "dropped", box.drop)


@contextmanager
def _box(directory: Path | None, from_environment: bool) -> Iterator[tuple[DeadLetterBox, str]]:
    """Open the dead letters and tell, also the person, which Redis they are in."""
    try:
        target = Target.find("REDIS_URL", directory, from_environment=from_environment)
        place = f"the Redis that {target.source} names"
        with DeadLetterBox.open(target.url) as box:
            yield box, place
    except (BoxUnreachableError, TargetUnknown) as error:
        typer.echo(f"dead-letters: cannot be read: {error}", err=True)
        raise typer.Exit(UNREACHABLE) from None
    except UnknownNumberError as error:
        typer.echo(f"dead-letters: {error}; nothing was done", err=True)
        raise typer.Exit(1) from None
    typer.echo(f"dead-letters: of {place}", err=True)


def _chosen(box: DeadLetterBox, numbers: list[str] | None, every: bool) -> list[BuriedEntry]:
    if bool(numbers) == every:
        raise typer.BadParameter("give numbers, or --all")
    entries = box.entries()
    # Oldest first, so that the queue gets them in the order in which they were buried.
    return list(reversed(entries)) if every else select(entries, numbers or [])


def _confirm(verb: str, chosen: Sequence[BuriedEntry], place: str, yes: bool) -> None:
    if chosen and not yes and sys.stdin.isatty():
        typer.confirm(f"{verb} {_entries(len(chosen))} of {place}?", abort=True)


def _do_to_each(chosen: Sequence[BuriedEntry], done: str, action: Callable[[BuriedEntry], bool]) -> None:
    changed = 0
    for buried in chosen:
        if action(buried):
            changed += 1
            typer.echo(f"{buried.number}: {done}")
        else:
            typer.echo(f"{buried.number}: somebody else was faster, nothing to do")
    typer.echo(f"dead-letters: {_entries(changed)} {done}")


def _entries(count: int) -> str:
    return f"{count} {'entry' if count == 1 else 'entries'}"
