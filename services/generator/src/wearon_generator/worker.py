"""The Celery side of the generator."""

import os
import signal
import socket
from typing import Any

import structlog
from celery import Celery, Task
from celery.apps.worker import Worker
from celery.signals import setup_logging
from celery.worker import state

from wearon_common.celery_app import GENERATE
from wearon_common.logs import task_context
from wearon_common.task import GenerationTask, InvalidTaskError
from wearon_generator.celery_consumer import SparingConsumer
from wearon_generator.loop_thread import LoopThread
from wearon_generator.metrics.tasks import TaskMetrics
from wearon_generator.outcome import LeftBecause, Outcome, TryAgain
from wearon_generator.pipeline import Pipeline
from wearon_generator.stop import Stop

_MOST_RETRIES = 6  # then the task is dropped and the sweeper ends its session

log = structlog.get_logger()


def register_task(app: Celery, loop: LoopThread, pipeline: Pipeline, metrics: TaskMetrics) -> None:
    """Tell the app what to do with a task that arrives."""

    # Celery's own limit would quote the task, signed URLs included, in the error that it ends with.
    @app.task(name=GENERATE, bind=True, shared=False, max_retries=None)  # type: ignore[untyped-decorator] # Celery's
    def generate(self: Task, payload: dict[str, Any], *, throttled: bool = False) -> None:
        may_retry = self.request.retries < _MOST_RETRIES
        again = loop.run(_handle(pipeline, metrics, payload, throttled=throttled, may_retry=may_retry))
        if again is not None:
            raise self.retry(
                kwargs={"throttled": again.throttled},
                countdown=again.delay.total_seconds(),
                argsrepr="(task,)",
                kwargsrepr="{}",
            )


async def _handle(
    pipeline: Pipeline, metrics: TaskMetrics, payload: dict[str, Any], *, throttled: bool, may_retry: bool
) -> TryAgain | None:
    try:
        task = GenerationTask.read(payload)
    except InvalidTaskError as error:  # only the consumer publishes, and it validates
        log.error("task_not_understood", detail=str(error))  # noqa: TRY400 - the detail says it
        metrics.not_understood()
        return None
    with (
        task_context(
            request_id=task.trace_id,
            session_id=task.session_id,
            task_id=task.task_id,
            channel=task.channel,
        ),
        metrics.in_progress(task.channel),
    ):
        outcome = await pipeline.run(task, throttled_before=throttled)
        if outcome.again is not None and not may_retry:
            log.error("task_given_up", retries=_MOST_RETRIES)
            outcome = Outcome.left(LeftBecause.GIVEN_UP)
        metrics.delivered(task, outcome)
        return outcome.again


def run_worker(app: Celery, concurrency: int) -> int:
    """Work until SIGTERM or SIGINT; running tasks are finished first. Gives the exit status."""
    app.conf.broker_transport = "wearon_generator.celery_transport:SurvivingTransport"
    setup_logging.connect(_keep_our_logging)
    app.log.redirect_stdouts("WARNING")  # what Celery and kombu print becomes log lines
    worker = _Worker(
        app=app,
        hostname=f"generator-{os.getpid()}@{socket.gethostname()}",
        pool="threads",
        concurrency=concurrency,
        consumer_cls=SparingConsumer,
        quiet=True,
        without_mingle=True,
        without_gossip=True,  # no worker asks about another, and its way out of a lost connection is an error
    )
    worker.start()
    return int(worker.exitcode or 0)


class _Worker(Worker):  # type: ignore[misc] # Celery is not typed
    """Celery's worker without its signal handlers, which write plain text past the log."""

    def install_platform_tweaks(self, _worker: Worker) -> None:
        stop = Stop(is_working=lambda: bool(state.active_requests))
        stop.watch()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, stop.ask)


def _keep_our_logging(**_kwargs: object) -> None:
    """Celery configures logging only when nobody listens to this signal."""
