"""`python -m wearon_devkit.openai_local`: the stub as a process of its own."""

from pathlib import Path
from typing import Annotated

import typer

from wearon_devkit.openai_local.app import create_app
from wearon_devkit.openai_local.config import DEFAULT_LATENCY, LOCAL_API_KEY, StubConfig
from wearon_devkit.openai_local.latency import LatencyRange
from wearon_devkit.openai_local.server import LOOPBACK, make_server


def _latency(text: object) -> LatencyRange:
    return LatencyRange.parse(str(text))  # Typer hands its default through here too


LatencyOption = Annotated[
    LatencyRange,
    typer.Option(parser=_latency, metavar="SECONDS", help="Time of an answer: 0.5, or 20-30 for a range."),
]


def serve(  # noqa: PLR0913, PLR0917 - one option each
    port: Annotated[int, typer.Option(help="Port to listen on.")],
    directory: Annotated[Path, typer.Option("--dir", help="Where openai-record.jsonl is written.")],
    latency: LatencyOption = DEFAULT_LATENCY,
    seed: Annotated[int | None, typer.Option(help="Makes the drawn latencies repeatable.")] = None,
    api_key: Annotated[str, typer.Option(help="The only key accepted.")] = LOCAL_API_KEY,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = LOOPBACK,
) -> None:
    """Serve the local OpenAI stand-in until SIGTERM or SIGINT."""
    directory.mkdir(parents=True, exist_ok=True)
    config = StubConfig(record_dir=directory, latency=latency, seed=seed, api_key=api_key)
    make_server(create_app(config), port, host).run()


if __name__ == "__main__":
    typer.run(serve)
