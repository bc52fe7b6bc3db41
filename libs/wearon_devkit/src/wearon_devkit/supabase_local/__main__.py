"""`python -m wearon_devkit.supabase_local`: the stand-in as a process."""

from pathlib import Path

import typer
import uvicorn

from wearon_devkit.supabase_local import Config, create_app

_GRACE_S = 2


def serve(  # noqa: PLR0913, PLR0917 - one option each
    port: int = typer.Option(...),
    database_url: str = typer.Option(...),
    storage_dir: Path = typer.Option(...),
    service_key: str = typer.Option(...),
    anon_key: str = typer.Option(...),
    bucket: str = typer.Option("images"),
    host: str = typer.Option("127.0.0.1"),
) -> None:
    """Answer as a Supabase project would, for exactly the calls that supabase-py sends, until SIGTERM."""
    config = Config(database_url, storage_dir, service_key, anon_key, bucket)
    uvicorn.run(
        create_app(config),
        host=host,
        port=port,
        log_level="warning",
        # Request lines hold the tokens of signed URLs.
        access_log=False,
        timeout_graceful_shutdown=_GRACE_S,
    )


if __name__ == "__main__":
    typer.run(serve)
