import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI
from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_fastapi_instrumentator import Instrumentator
from starlette.responses import PlainTextResponse
from starlette.types import StatefulLifespan

from wearon_sizing.http import estimate_body, health
from wearon_sizing.http.abandoned import StopWhenAbandoned
from wearon_sizing.http.admission import Admission
from wearon_sizing.http.body_limit import BodyLimit
from wearon_sizing.http.errors import handle_errors
from wearon_sizing.http.request_context import RequestContext
from wearon_sizing.http.resources import Resources, open_resources
from wearon_sizing.settings import SizingSettings

# While threads work on pictures, the event loop waits this long for its turn after every read and write. With
# Python's own 5 ms, a health check takes a second when all cores are busy.
_SWITCH_THREADS_AFTER_S = 0.0005


def create_app(settings: SizingSettings) -> FastAPI:
    """Build the application; what it needs is opened when it starts and closed when it stops."""
    app = FastAPI(title="WearOn sizing", version=version("wearon-sizing"), lifespan=_lifespan(settings))
    app.include_router(estimate_body.router)
    app.include_router(health.router)
    handle_errors(app)
    app.add_middleware(StopWhenAbandoned)
    app.add_middleware(BodyLimit)
    app.add_middleware(Admission, most_requests=settings.most_requests)
    _expose_metrics(app)
    app.add_middleware(RequestContext)  # the last one added is the outermost
    return app


def _lifespan(settings: SizingSettings) -> StatefulLifespan[FastAPI]:
    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[dict[str, Resources]]:
        sys.setswitchinterval(_SWITCH_THREADS_AFTER_S)
        async with open_resources(settings) as resources:
            yield {"resources": resources}

    return lifespan


def _expose_metrics(app: FastAPI) -> None:
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    Instrumentator(
        should_group_status_codes=False, excluded_handlers=["^/health$", "^/metrics$"], registry=registry
    ).instrument(app).expose(app, response_class=PlainTextResponse)
