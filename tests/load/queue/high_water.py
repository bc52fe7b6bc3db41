"""That a backlog without any generator stays in the app's list."""

import time
from collections.abc import Iterator

from load.benchmark import Bench
from load.queue.backlog import backlog
from load.queue.bare_queue import BareQueue, Lengths
from load.row import Promise, Row
from wearon_consumer.settings import ConsumerSettings
from wearon_devkit.processes.child import Child

_STILL_FOR_S = 1.0  # ten looks of the consumer at a line that is full
_ONE_BATCH = 100  # may be in hand when the line becomes full


def high_water_rows(bench: Bench, queue: BareQueue, tasks: int) -> Iterator[Row]:
    """Measure where the tasks are in the end, with the limits of production."""
    celery_limit = int(ConsumerSettings.model_fields["celery_queue_limit"].default)
    line_limit = int(ConsumerSettings.model_fields["most_waiting"].default)
    bench.tell(f"high-water mark: {tasks:,} tasks and no generator")
    queue.redis.flushall()
    queue.stage(backlog(tasks, bench.seed))
    with queue.working(queue.consumer()) as consumer:
        queue.release()
        lengths = _lengths_in_the_end(queue, consumer)
    yield Row("longest queue of Celery", max(lengths.in_celery), "tasks", promise=Promise("≤", celery_limit))
    yield Row("in line before them", lengths.in_line, "tasks", promise=Promise("≤", line_limit + _ONE_BATCH))
    yield Row("left in the app's list", lengths.in_app_list, "tasks")
    lost = tasks - lengths.in_app_list - lengths.in_line - sum(lengths.in_celery)
    yield Row("lost", lost, "tasks", promise=Promise("≤", 0))


def _lengths_in_the_end(queue: BareQueue, consumer: Child) -> Lengths:
    lengths, since_s = queue.lengths(), time.monotonic()
    while time.monotonic() < since_s + _STILL_FOR_S:
        consumer.require_running()
        time.sleep(_STILL_FOR_S / 10)
        now = queue.lengths()
        if now != lengths:
            lengths, since_s = now, time.monotonic()
    return lengths
