from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import cast

import structlog
from fastapi import Request
from redis.asyncio import Redis

from wearon_common.images import ImageFetcher, ImageRoom
from wearon_common.redis_client import connect_redis
from wearon_sizing.estimator import Estimator
from wearon_sizing.http.metered import MeteredEstimator, MeteredFetcher
from wearon_sizing.http.metrics import SizingMetrics
from wearon_sizing.landmarker_pool import LandmarkerPool
from wearon_sizing.measurement import load_shape_model
from wearon_sizing.pose_model import PoseModelUnavailable, read_pose_model
from wearon_sizing.settings import SizingSettings
from wearon_sizing.sizes import SizeChart, load_charts

# For its turn and for room, beside the download's 4 s: callers give up on the whole answer after 5.
_LONGEST_LINE = timedelta(seconds=0.5)

log = structlog.get_logger()


class ModelNotLoaded(Exception):  # noqa: N818 - a state of the service
    """The pose model was missing or wrong when the service started."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What estimates use."""

    fetcher: MeteredFetcher
    estimator: MeteredEstimator
    charts: Mapping[str, SizeChart]


@dataclass(frozen=True, slots=True)
class Resources:
    """What requests use; made once per process. Without a model, nothing is loaded."""

    redis: Redis
    loaded: Loaded | None


def resources_of(request: Request) -> Resources:
    """Return the resources of the running application."""
    return cast("Resources", request.state.resources)


def loaded_of(request: Request) -> Loaded:
    """Return what estimates use, or raise ModelNotLoaded."""
    loaded = resources_of(request).loaded
    if loaded is None:
        raise ModelNotLoaded
    return loaded


@asynccontextmanager
async def open_resources(
    settings: SizingSettings, metrics: SizingMetrics, room: ImageRoom
) -> AsyncIterator[Resources]:
    """Open everything that requests use, and close it afterwards."""
    redis_url = settings.redis_url.get_secret_value()
    async with connect_redis(redis_url) as redis, _load(settings, metrics, room) as loaded:
        yield Resources(redis, loaded)


@asynccontextmanager
async def _load(
    settings: SizingSettings, metrics: SizingMetrics, room: ImageRoom
) -> AsyncIterator[Loaded | None]:
    model = _read_model(settings.pose_model_path)
    if model is None:
        yield None
        return
    async with ImageFetcher(
        settings.image_fetch_private_hosts, timeout=settings.image_fetch_timeout, room=room
    ) as fetcher:
        patience = settings.image_fetch_timeout + _LONGEST_LINE
        with _open_estimator(model, settings, metrics) as estimator:
            yield Loaded(
                MeteredFetcher(fetcher, patience, metrics),
                MeteredEstimator(estimator, metrics),
                load_charts(),
            )


@contextmanager
def _open_estimator(model: bytes, settings: SizingSettings, metrics: SizingMetrics) -> Iterator[Estimator]:
    cores = settings.pose_landmarkers
    landmarkers = LandmarkerPool.open(model, cores, settings.pose_timeout)
    log.info("pose_model_loaded", landmarkers=cores)
    with closing(landmarkers):
        estimator = Estimator(landmarkers, load_shape_model(), metrics.took)
        metrics.watch(landmarkers, estimator)
        yield estimator


def _read_model(path: Path) -> bytes | None:
    try:
        return read_pose_model(path)
    except PoseModelUnavailable as error:
        # The service stays up to say so at /health.
        log.error("pose_model_unavailable", error=str(error))  # noqa: TRY400 - the trace adds nothing
        return None
