"""`wearon-consumer`: makes the parts once and runs them until SIGTERM or SIGINT."""

import asyncio
import os
import secrets
import signal
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from functools import partial

import structlog
from redis.exceptions import RedisError
from supabase import AsyncClient

from wearon_common import keys
from wearon_common.celery_app import make_celery
from wearon_common.command import run_service
from wearon_common.health import serve_health
from wearon_common.redis_client import connect_redis
from wearon_common.supabase_client import close_supabase, connect_supabase
from wearon_consumer.books import Books
from wearon_consumer.celery_messages import CeleryMessages
from wearon_consumer.consumer import Consumer
from wearon_consumer.dead_letters import DeadLetters
from wearon_consumer.dispatcher import Dispatcher
from wearon_consumer.fair_queue import FairQueue
from wearon_consumer.heartbeat import Heartbeat
from wearon_consumer.inbox import Inbox
from wearon_consumer.leadership import Leadership
from wearon_consumer.metrics.everything import ConsumerMetrics, make_metrics
from wearon_consumer.metrics.loops import LoopMetrics
from wearon_consumer.periodic import beside, repeat
from wearon_consumer.queue_watch import QueueWatch
from wearon_consumer.recovery import Recovery
from wearon_consumer.settings import ConsumerSettings
from wearon_consumer.sweeper import Sweeper

# A stop takes less than two seconds in all.
_FINISH_WITHIN = timedelta(seconds=1.2)
_LEAVE_WITHIN = timedelta(seconds=0.5)
_UNHEALTHY_AFTER = timedelta(seconds=30)
_LOOK_AT_QUEUES_EVERY = timedelta(seconds=5)

log = structlog.get_logger()


def main() -> None:
    """Run the console script."""
    run_service(
        "wearon-consumer",
        "Moves generation tasks from the app's Redis list to the generators and recovers what got lost.",
        ConsumerSettings,
        _run,
    )


def _run(settings: ConsumerSettings) -> None:
    asyncio.Runner().run(_serve(settings))
    # Past the usual end, which waits for every thread: one may be looking up a name that nobody answers.
    os._exit(0)


async def _serve(settings: ConsumerSettings) -> None:
    name = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"
    stop = _stop_on_signals()
    metrics = make_metrics(settings.release)
    metrics.retries.listen()
    redis = connect_redis(settings.redis_url.get_secret_value())  # left open: closing it may take seconds
    async with _supabase(settings, metrics) as supabase:
        inbox = Inbox(redis, name)
        heartbeat = Heartbeat(redis, name, settings.heartbeat_lifetime)
        leadership = Leadership(redis, keys.SWEEPER, name, settings.sweep_interval * 3)
        dispatcher = Dispatcher(
            CeleryMessages(make_celery(settings)),
            FairQueue(redis, name, settings.celery_queue_limit),
            DeadLetters(redis, name, settings.dead_letters_kept),
            metrics.sessions(supabase, "buried"),
            metrics.entries,
        )
        consumer = Consumer(inbox, dispatcher, metrics.loops, settings.error_backoff, settings.most_waiting)
        recovery = Recovery(redis, name, dispatcher, metrics.entries)
        swept = metrics.sessions(supabase, "swept")
        sweeper = Sweeper(redis, swept, leadership, metrics.sweeps, settings.sweep_grace)
        books = Books(swept, leadership, metrics.books)
        queues = QueueWatch(redis, metrics.queues)
        repeated = partial(_repeat_and_count, metrics.loops)
        loops = [
            repeated("heartbeat", heartbeat.beat, settings.heartbeat_lifetime / 3),
            repeated("recovery", recovery.recover, settings.heartbeat_lifetime / 3),
            repeated("sweep", sweeper.sweep, settings.sweep_interval),
            repeated("books", books.check, settings.books_interval),
            repeated("queues", queues.look, _LOOK_AT_QUEUES_EVERY),
        ]
        await _announce(heartbeat)
        health = serve_health(settings.port, lambda: _health(consumer), metrics.registry)
        async with beside(loops), health:
            log.info("consumer_started", consumer=name)
            await _run_until(stop, consumer)
        await _leave(inbox, heartbeat, leadership)
        log.info("consumer_stopped", consumer=name)


async def _repeat_and_count(
    metrics: LoopMetrics, name: str, action: Callable[[], Awaitable[None]], every: timedelta
) -> None:
    await repeat(name, metrics.counting_failures(name, action), every)


async def _run_until(stop: asyncio.Event, consumer: Consumer) -> None:
    """Run until `stop`; what is not finished soon after that is handed back by `_leave`."""
    running = asyncio.create_task(consumer.run(stop))
    await stop.wait()
    with suppress(TimeoutError):
        async with asyncio.timeout(_FINISH_WITHIN.total_seconds()):
            await running


async def _announce(heartbeat: Heartbeat) -> None:
    """Be known before holding anything; without Redis there is nothing to hold."""
    with suppress(TimeoutError, RedisError, OSError):
        async with asyncio.timeout(_LEAVE_WITHIN.total_seconds()):
            await heartbeat.beat()


async def _leave(inbox: Inbox, heartbeat: Heartbeat, leadership: Leadership) -> None:
    """Hand back what is unfinished; without Redis the other consumers find it when our heartbeat has gone."""
    with suppress(TimeoutError, RedisError, OSError):
        async with asyncio.timeout(_LEAVE_WITHIN.total_seconds()):
            await inbox.give_back()
            await heartbeat.stop()
            await leadership.release()


async def _health(consumer: Consumer) -> dict[str, object]:
    silence = consumer.silence
    return {
        "status": "ok" if silence < _UNHEALTHY_AFTER else "degraded",
        "seconds_since_last_turn": round(silence.total_seconds(), 1),
    }


def _stop_on_signals() -> asyncio.Event:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


@asynccontextmanager
async def _supabase(settings: ConsumerSettings, metrics: ConsumerMetrics) -> AsyncIterator[AsyncClient]:
    key = settings.supabase_service_role_key.get_secret_value()
    client = connect_supabase(settings.supabase_url, key, settings.supabase_timeout, metrics.supabase_calls)
    try:
        yield client
    finally:
        await close_supabase(client)
