"""A task that can never begin is given up in the end, and even then nothing of it is shown."""

import logging
from datetime import timedelta
from typing import Any

import pytest
from prometheus_client import CollectorRegistry
from structlog.testing import capture_logs

from wearon_common.celery_app import GENERATE, make_celery
from wearon_common.settings import BrokerSettings
from wearon_common.task import GenerationTask
from wearon_generator.loop_thread import LoopThread
from wearon_generator.metrics.tasks import TaskMetrics
from wearon_generator.outcome import Outcome, TryAgain
from wearon_generator.pipeline import Pipeline
from wearon_generator.worker import register_task

SECRET = "SECRET"
TASK: dict[str, Any] = {
    "task_id": "T",
    "channel": "b2c",
    "user_id": "U",
    "session_id": "S",
    "image_urls": [f"https://example.com/a.jpg?token={SECRET}"],
    "prompt": SECRET,
    "request_id": "R",
    "version": 1,
    "created_at": "2026-02-17T05:10:53Z",
}


class NeverReady(Pipeline):
    """Wants every task to come back."""

    def __init__(self) -> None:
        self.deliveries: list[bool] = []

    async def run(self, task: GenerationTask, *, throttled_before: bool) -> Outcome:  # noqa: ARG002 - any task
        self.deliveries.append(throttled_before)
        return Outcome.retried("throttled", TryAgain(timedelta(seconds=1), throttled=True))


def deliver(
    payload: dict[str, Any], registry: CollectorRegistry | None = None
) -> tuple[NeverReady, list[Any]]:
    """Deliver a task as often as the worker lets it come back; give the pipeline and what was logged."""
    metrics = TaskMetrics(registry or CollectorRegistry(), concurrency=1)
    app = make_celery(BrokerSettings.model_validate({"redis_url": "redis://127.0.0.1:1/0"}))
    pipeline = NeverReady()
    with LoopThread() as loop, capture_logs() as logged:
        register_task(app, loop, pipeline, metrics)
        app.tasks[GENERATE].apply(args=[payload])
    return pipeline, logged


def test_it_is_given_up_after_six_retries_with_one_error() -> None:
    pipeline, logged = deliver(TASK)
    assert pipeline.deliveries == [False, *[True] * 6]
    assert [(event["event"], event["log_level"]) for event in logged] == [("task_given_up", "error")]


def test_nothing_of_it_is_shown_not_even_by_celery(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    _pipeline, logged = deliver(TASK)
    assert SECRET not in caplog.text
    assert SECRET not in str(logged)


def test_a_message_that_is_no_task_is_done_with_at_once() -> None:
    pipeline, logged = deliver({**TASK, "version": 2})
    assert not pipeline.deliveries
    assert [event["event"] for event in logged] == ["task_not_understood"]


def test_both_ends_are_counted() -> None:
    registry = CollectorRegistry()
    deliver(TASK, registry)
    ends = {
        ("b2c", "retried", "throttled"): 6,
        ("b2c", "left", "given_up"): 1,
        ("unknown", "left", "not_understood"): 0,
    }
    assert {end: tasks(registry, *end) for end in ends} == ends

    registry = CollectorRegistry()
    deliver({**TASK, "version": 2}, registry)
    assert tasks(registry, "unknown", "left", "not_understood") == 1


def tasks(registry: CollectorRegistry, channel: str, outcome: str, reason: str) -> float | None:
    labels = {"channel": channel, "outcome": outcome, "reason": reason}
    return registry.get_sample_value("wearon_tasks_total", labels)
