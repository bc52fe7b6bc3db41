from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI
from prometheus_client import CollectorRegistry
from prometheus_fastapi_instrumentator import Instrumentator
from starlette.responses import PlainTextResponse
from starlette.types import StatefulLifespan

from wearon_common.images import ImageRoom
from wearon_sizing.http import estimate_body, health
from wearon_sizing.http.abandoned import StopWhenAbandoned
from wearon_sizing.http.admission import Admission
from wearon_sizing.http.body_limit import BodyLimit
from wearon_sizing.http.errors import handle_errors
from wearon_sizing.http.metrics import SizingMetrics
from wearon_sizing.http.request_context import RequestContext
from wearon_sizing.http.resources import Resources, open_resources
from wearon_sizing.settings import SizingSettings
from wearon_sizing.sizes import load_charts

# The service level is 3 s, the callers' patience 5 s.
_BUCKETS_S = (0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 4, 5)


def create_app(settings: SizingSettings, registry: CollectorRegistry) -> FastAPI:
    """Build the application; what it needs is opened when it starts and closed when it stops."""
    room = ImageRoom()
    metrics = SizingMetrics(registry, {size for chart in load_charts().values() for size in chart.sizes})
    app = FastAPI(
        title="WearOn sizing",
        version=version("wearon-sizing"),
        lifespan=_lifespan(settings, metrics, room),
        redirect_slashes=False,  # behind a proxy that ends TLS, they would lead to URLs without it
    )
    app.include_router(estimate_body.router)
    app.include_router(health.router)
    handle_errors(app, metrics)
    app.add_middleware(StopWhenAbandoned)
    app.add_middleware(BodyLimit, room=room, metrics=metrics)
    app.add_middleware(Admission, most_requests=settings.most_requests, metrics=metrics)
    _expose_metrics(app, registry)
    app.add_middleware(RequestContext)  # the last one added is the outermost
    return app


def _lifespan(settings: SizingSettings, metrics: SizingMetrics, room: ImageRoom) -> StatefulLifespan[FastAPI]:
    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[dict[str, Resources]]:
        async with open_resources(settings, metrics, room) as resources:
            yield {"resources": resources}

    return lifespan


def _expose_metrics(app: FastAPI, registry: CollectorRegistry) -> None:
    instrumentator = Instrumentator(
        should_group_status_codes=False, excluded_handlers=["^/health$", "^/metrics$"], registry=registry
    )
    instrumentator.instrument(app, latency_lowr_buckets=_BUCKETS_S, latency_highr_buckets=_BUCKETS_S)
    instrumentator.expose(app, response_class=PlainTextResponse)
