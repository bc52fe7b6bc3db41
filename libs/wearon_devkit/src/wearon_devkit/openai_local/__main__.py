"""`python -m wearon_devkit.openai_local`: the stub as a process of its own."""

from pathlib import Path
from typing import Annotated

import typer

from wearon_devkit.openai_local.app import create_app
from wearon_devkit.openai_local.config import DEFAULT_LATENCY, LOCAL_API_KEY, StubConfig
from wearon_devkit.openai_local.latency import LatencyRange
from wearon_devkit.openai_local.server import make_server

def serve(
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1.")],
    directory: Annotated[Path, typer.Option("--dir", help="Where openai-record.jsonl is written.")],
    latency: Annotated[
        str, typer.Option(metavar="SECONDS", help="Time of an answer: 0.5, or 20-30 for a range.")
    ] = str(DEFAULT_LATENCY),
    seed: Annotated[int | None, typer.Option(help="Makes the drawn latencies repeatable.")] = None,
    api_key: Annotated[str, typer.Option(help="The only key accepted.")] = LOCAL_API_KEY,
) -> None:
    """Serve the local OpenAI stand-in until SIGTERM or SIGINT."""
    directory.mkdir(parents=True, exist_ok=True)
    config = StubConfig(record_dir=directory, latency=LatencyRange.parse(latency), seed=seed, api_key=api_key)
    make_server(create_app(config), port).run()


if __name__ == "__main__":
    typer.run(serve)
