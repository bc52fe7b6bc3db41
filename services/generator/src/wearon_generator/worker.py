"""The Celery side of the generator."""

from typing import Any

import structlog
from celery import Celery, Task
from celery.signals import setup_logging

from wearon_common.celery_app import GENERATE
from wearon_common.logs import task_context
from wearon_common.task import GenerationTask, InvalidTaskError
from wearon_generator.loop_thread import LoopThread
from wearon_generator.pipeline import Pipeline, TryAgain

_MOST_DELIVERIES = 6  # then the task is dropped and the sweeper ends its session

log = structlog.get_logger()


def register_task(app: Celery, loop: LoopThread, pipeline: Pipeline) -> None:
    """Tell the app what to do with a task that arrives."""

    @app.task(name=GENERATE, bind=True, max_retries=_MOST_DELIVERIES)  # type: ignore[untyped-decorator] # Celery's
    def generate(self: Task, payload: dict[str, Any], *, throttled: bool = False) -> None:
        again = loop.run(_handle(pipeline, payload, throttled=throttled))
        if again is not None:
            raise self.retry(
                kwargs={"throttled": again.throttled},
                countdown=again.delay.total_seconds(),
                argsrepr="(task,)",
                kwargsrepr="{}",
            )


async def _handle(pipeline: Pipeline, payload: dict[str, Any], *, throttled: bool) -> TryAgain | None:
    try:
        task = GenerationTask.read(payload)
    except InvalidTaskError as error:  # only the consumer publishes, and it validates
        log.error("task_not_understood", detail=str(error))  # noqa: TRY400 - the detail says it
        return None
    with task_context(
        request_id=task.request_id,
        session_id=task.session_id,
        task_id=task.task_id,
        channel=task.channel,
    ):
        return await pipeline.run(task, throttled_before=throttled)


def run_worker(app: Celery, concurrency: int) -> int:
    """Work until SIGTERM or SIGINT; running tasks are finished first. Gives the exit status."""
    setup_logging.connect(_keep_our_logging)
    worker = app.Worker(pool="threads", concurrency=concurrency, quiet=True, without_mingle=True)
    worker.start()
    return int(worker.exitcode or 0)


def _keep_our_logging(**_kwargs: object) -> None:
    """Celery configures logging only when nobody listens to this signal."""
