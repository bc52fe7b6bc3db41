"""`wearon-dev submit`."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import psycopg
import typer
from redis.exceptions import RedisError
from rich.console import Console

from wearon_common.channel import Channel
from wearon_common.supabase_errors import SupabaseError
from wearon_devkit.commands.options import DEFAULT_DIRECTORY, Directory
from wearon_devkit.commands.target import TargetUnknown, the_run_in
from wearon_devkit.commands.until_stopped import ending_well
from wearon_devkit.environment import Environment
from wearon_devkit.picture_store import PictureStore
from wearon_devkit.pictures import GARMENTS, PERSONS
from wearon_devkit.producer import Producer, PushFailedError, TryOn
from wearon_devkit.session_state import read_session_states
from wearon_devkit.stores import open_stores
from wearon_devkit.submission.order import Order
from wearon_devkit.submission.picture_file import NotAPicture, PictureFile
from wearon_devkit.submission.watch import in_words, watch

UNREACHABLE = 2
_PATIENCE = timedelta(minutes=6)  # a generation has five, and a queue may be before it

PictureOption = Annotated[
    Path | None, typer.Option(help="A JPEG, PNG or WebP of yours; bundled ones when not given.")
]


def submit(  # noqa: PLR0913, PLR0917 - Typer declares an option as a parameter
    directory: Directory = DEFAULT_DIRECTORY,
    channel: Annotated[Channel, typer.Option(help="Asked for by a user, or by a store.")] = Channel.B2C,
    person: PictureOption = None,
    garment: PictureOption = None,
    prompt: Annotated[str, typer.Option(help="What OpenAI is told.")] = TryOn.prompt,
    count: Annotated[int, typer.Option(min=1, help="How many try-ons.")] = 1,
    wait: Annotated[bool, typer.Option("--wait/--no-wait", help="Stay until all have ended.")] = True,
) -> None:
    """Ask a local run (`wearon-dev up`) for try-ons as the app does, and tell how they end.

    Uploads the pictures, deducts credits of a new user or store, inserts the sessions and pushes the tasks.

    Exit 0: all completed; 1: one failed or did not end in six minutes; 2: the run could not be asked.
    """
    order = Order(
        channel,
        [_picture("--person", person)] if person else [PictureFile.read(one.path) for one in PERSONS],
        [_picture("--garment", garment)] if garment else [PictureFile.read(one.path) for one in GARMENTS],
        prompt,
        count,
    )
    with ending_well(), _speaking_to(directory) as run:
        completed = _submit(order, run, wait=wait)
    if not completed:
        raise typer.Exit(1)


def _picture(option: str, path: Path) -> PictureFile:
    try:
        return PictureFile.read(path)
    except NotAPicture as error:
        raise typer.BadParameter(str(error), param_hint=option) from None


@contextmanager
def _speaking_to(directory: Path) -> Iterator[Environment]:
    try:
        yield the_run_in(directory)
    except (TargetUnknown, SupabaseError, PushFailedError, psycopg.Error, RedisError) as error:
        typer.echo(f"submit: {str(error).splitlines()[0]}", err=True)
        raise typer.Exit(UNREACHABLE) from None


def _submit(order: Order, run: Environment, *, wait: bool) -> bool:
    """Say whether nothing failed, as far as it was waited for."""
    console = Console(highlight=False)
    with open_stores(run) as (database, redis):
        sessions = []
        for try_on in order.submit(PictureStore(run), Producer(database, redis)):
            console.print(f"{try_on.session_id}  queued")
            sessions.append(try_on.session_id)
        if not wait:
            return True
        outcomes = watch(sessions, lambda live: read_session_states(database, live), console, _PATIENCE)
    typer.echo(f"submit: {in_words(outcomes)}")
    return not outcomes["failed"]
