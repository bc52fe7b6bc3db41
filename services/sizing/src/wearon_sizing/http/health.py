import asyncio
from typing import Annotated, Literal

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict
from redis.asyncio import Redis
from redis.exceptions import RedisError

from wearon_sizing.http.resources import Resources, resources_of

router = APIRouter()

_REDIS_ANSWER_TIMEOUT_S = 1.0


class Health(BaseModel):
    """`status` is ok only when both others are true."""

    model_config = ConfigDict(protected_namespaces=())

    status: Literal["ok", "degraded"]
    model_loaded: bool
    redis_connected: bool


@router.head("/health", include_in_schema=False)
@router.get("/health")
async def health(resources: Annotated[Resources, Depends(resources_of)]) -> Health:
    """Tell how the service is; always 200 within about a second, so that `status` is what a client reads."""
    model_loaded = resources.loaded is not None
    redis_connected = await _answers(resources.redis)
    status: Literal["ok", "degraded"] = "ok" if model_loaded and redis_connected else "degraded"
    return Health(status=status, model_loaded=model_loaded, redis_connected=redis_connected)


async def _answers(redis: Redis) -> bool:
    try:
        async with asyncio.timeout(_REDIS_ANSWER_TIMEOUT_S):
            await redis.ping()
    except (RedisError, OSError, TimeoutError):
        return False
    return True
