"""`wearon-generator`: makes the parts once and works until SIGTERM or SIGINT."""

import os
import sys
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager

from wearon_common.celery_app import make_celery
from wearon_common.command import run_service
from wearon_common.health import serve_health
from wearon_common.images import ImageFetcher, ImageRoom
from wearon_common.redis_client import connect_redis
from wearon_common.storage import ResultStorage
from wearon_common.supabase_client import close_supabase, connect_supabase
from wearon_generator.generation import Generation
from wearon_generator.inputs import Inputs
from wearon_generator.loop_thread import LoopThread
from wearon_generator.metered_provider import MeteredProvider
from wearon_generator.metered_rate_limiter import MeteredRateLimiter
from wearon_generator.metrics.everything import GeneratorMetrics, make_metrics
from wearon_generator.openai.client import OpenAIImages, connect_openai
from wearon_generator.paced_provider import PacedProvider
from wearon_generator.pipeline import Limits, Pipeline
from wearon_generator.pricing import Prices
from wearon_generator.pulse import Pulse
from wearon_generator.results import Results
from wearon_generator.settings import GeneratorSettings
from wearon_generator.slots import Slots
from wearon_generator.worker import register_task, run_worker

# With what decoding takes, and a generator itself, these fit its container.
_PHOTOS_BYTES, _PHOTOS_BYTES_OF_ONE_HOST = 48 * 1024 * 1024, 32 * 1024 * 1024


def main() -> None:
    """Run the console script."""
    run_service(
        "wearon-generator",
        "Celery worker that turns a task into a finished image, or into a failure that costs nothing.",
        GeneratorSettings,
        _serve,
    )


def _serve(settings: GeneratorSettings) -> None:
    with LoopThread() as loop:
        parts, pulse, prices = AsyncExitStack(), Pulse(), _prices(settings)
        metrics = make_metrics(settings, prices)
        metrics.retries.listen()
        pipeline = loop.run(parts.enter_async_context(_pipeline(settings, prices, pulse, metrics)))
        app = make_celery(settings)
        register_task(app, loop, pipeline, metrics.tasks)
        try:
            status = run_worker(app, settings.worker_concurrency)
        finally:
            loop.run(parts.aclose())
    sys.exit(status)


@asynccontextmanager
async def _pipeline(
    settings: GeneratorSettings, prices: Prices, pulse: Pulse, metrics: GeneratorMetrics
) -> AsyncIterator[Pipeline]:
    async with AsyncExitStack() as parts:
        redis = await parts.enter_async_context(connect_redis(settings.redis_url.get_secret_value()))
        http = await parts.enter_async_context(connect_openai(settings))
        room = ImageRoom(_PHOTOS_BYTES, _PHOTOS_BYTES_OF_ONE_HOST)
        fetcher = await parts.enter_async_context(ImageFetcher(settings.image_fetch_private_hosts, room=room))
        supabase = connect_supabase(
            settings.supabase_url,
            settings.supabase_service_role_key.get_secret_value(),
            settings.supabase_timeout,
            metrics.supabase_calls,
        )
        parts.push_async_callback(close_supabase, supabase)
        cpu = parts.enter_context(ThreadPoolExecutor(os.cpu_count(), "image"))
        await parts.enter_async_context(serve_health(settings.port, pulse.health, metrics.registry))
        slots = Slots(redis, settings.openai_requests_per_minute, settings.generation_deadline)
        generation = Generation(
            Inputs(fetcher, cpu),
            PacedProvider(
                MeteredProvider(OpenAIImages(http, settings), metrics.provider, metrics.tasks.ages),
                MeteredRateLimiter(slots, metrics.limiter),
                metrics.retries,
                settings.openai_max_retries,
                settings.throttle_delay,
            ),
            Results(ResultStorage(supabase, settings.supabase_storage_bucket), cpu),
            prices,
        )
        yield Pipeline(metrics.sessions(supabase), generation, _limits(settings))


def _prices(settings: GeneratorSettings) -> Prices:
    return Prices(
        text=settings.openai_usd_per_1m_text_tokens,
        image=settings.openai_usd_per_1m_image_tokens,
        output=settings.openai_usd_per_1m_output_tokens,
    )


def _limits(settings: GeneratorSettings) -> Limits:
    return Limits(
        lease=settings.generation_lease,
        deadline=settings.generation_deadline,
        throttle_delay=settings.throttle_delay,
    )
