"""The stub as an ASGI application."""

from collections.abc import AsyncIterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from wearon_devkit.openai_local.config import StubConfig
from wearon_devkit.openai_local.control import Control
from wearon_devkit.openai_local.edits import ImageEdits
from wearon_devkit.openai_local.errors import ApiError, answer_api_error, answer_http_exception
from wearon_devkit.openai_local.preview_cache import PreviewCache
from wearon_devkit.openai_local.record import CallRecord
from wearon_devkit.openai_local.recorded_calls import RecordedCalls
from wearon_devkit.openai_local.script import Script

DRAWING_THREADS = 2


def create_app(config: StubConfig) -> Starlette:
    """Return the stub: image edits, the control endpoints and `GET /health`.

    Serve it with `make_server`: the faults that break a connection need its protocol.
    """
    script, record = Script(), CallRecord(config.record_dir)
    drawing = ThreadPoolExecutor(DRAWING_THREADS, thread_name_prefix="preview")
    edits = ImageEdits(config, script, PreviewCache(drawing))
    return Starlette(
        routes=[edits_route(edits, record, config), *control_routes(Control(script, record)), health_route()],
        exception_handlers={ApiError: answer_api_error, HTTPException: answer_http_exception},
        lifespan=lambda _app: ending_with(drawing),
    )


def edits_route(edits: ImageEdits, record: CallRecord, config: StubConfig) -> Route:
    """Return the one route of OpenAI's that the stub has."""
    framed = Middleware(RecordedCalls, record=record, requests_per_minute=config.requests_per_minute)
    return Route("/v1/images/edits", edits.edit, methods=["POST"], middleware=[framed])


def control_routes(control: Control) -> list[Route]:
    """Return the routes of the script and the record."""
    return [
        Route("/__script", control.add_rules, methods=["POST"]),
        Route("/__script", control.clear_script, methods=["DELETE"]),
        Route("/__record", control.show_record, methods=["GET"]),
        Route("/__record", control.clear_record, methods=["DELETE"]),
    ]


def health_route() -> Route:
    """Return the route that answers once the stub serves."""

    async def health(_request: Request) -> JSONResponse:
        return JSONResponse({"status": "ok"})

    return Route("/health", health, methods=["GET"])


@asynccontextmanager
async def ending_with(executor: Executor) -> AsyncIterator[None]:
    """Keep the executor for as long as the application serves."""
    with executor:
        yield
