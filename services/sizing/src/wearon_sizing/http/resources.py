import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import structlog
from fastapi import Request
from redis.asyncio import Redis

from wearon_common.images import ImageFetcher
from wearon_common.redis_client import connect_redis
from wearon_sizing.estimator import Estimator
from wearon_sizing.landmarkers import LandmarkerPool
from wearon_sizing.measurement import load_coefficients
from wearon_sizing.pose_model import PoseModelUnavailable, read_pose_model
from wearon_sizing.settings import SizingSettings

log = structlog.get_logger()


class ModelNotLoaded(Exception):  # noqa: N818 - a state of the service
    """The pose model was missing or wrong when the service started."""


@dataclass(frozen=True, slots=True)
class Resources:
    """What requests use; made once per process. Without a model there is no estimator."""

    redis: Redis
    estimator: Estimator | None


def resources_of(request: Request) -> Resources:
    """Return the resources of the running application."""
    return cast("Resources", request.state.resources)


def estimator_of(request: Request) -> Estimator:
    """Return the estimator, or raise ModelNotLoaded."""
    estimator = resources_of(request).estimator
    if estimator is None:
        raise ModelNotLoaded
    return estimator


@asynccontextmanager
async def open_resources(settings: SizingSettings) -> AsyncIterator[Resources]:
    """Open everything that requests use, and close it afterwards."""
    redis_url = settings.redis_url.get_secret_value()
    async with connect_redis(redis_url) as redis, _open_estimator(settings) as estimator:
        yield Resources(redis, estimator)


@asynccontextmanager
async def _open_estimator(settings: SizingSettings) -> AsyncIterator[Estimator | None]:
    model = _read_model(settings.pose_model_path)
    if model is None:
        yield None
        return
    cores = settings.pose_landmarkers
    async with ImageFetcher(
        settings.image_fetch_private_hosts, timeout=settings.image_fetch_timeout
    ) as fetcher:
        landmarkers = await asyncio.to_thread(LandmarkerPool.open, model, cores)
        log.info("pose_model_loaded", landmarkers=cores)
        with closing(landmarkers), ThreadPoolExecutor(cores, thread_name_prefix="picture") as threads:
            yield Estimator(fetcher, landmarkers, load_coefficients(), threads)


def _read_model(path: Path) -> bytes | None:
    try:
        return read_pose_model(path)
    except PoseModelUnavailable as error:
        # The service stays up to say so at /health.
        log.error("pose_model_unavailable", error=str(error))  # noqa: TRY400 - the trace adds nothing
        return None
