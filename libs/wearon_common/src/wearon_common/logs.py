"""Structured logs: one JSON object per line on standard output, from our code and from libraries alike."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import stamina.instrumentation
import structlog
from structlog.typing import Processor

from wearon_common.redaction import redact_event

# Below WARNING these write URLs (httpx) or lines about a task without our ids (Celery).
_TALKATIVE = (
    "httpx",
    "httpcore",
    "hpack",
    "celery.app.trace",
    "celery.pool",
    "celery.worker.request",
    "celery.worker.strategy",
)


def configure_logging(service: str, level: str = "INFO") -> None:
    """Send every log event of this process through one redacting JSON renderer.

    `service` is on every line; `level` is a standard level name.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
        _service_adder(service),
    ]
    rendered: list[Processor] = [
        structlog.processors.format_exc_info,
        redact_event,
        structlog.processors.JSONRenderer(),
    ]
    structlog.configure(
        processors=[*shared, *rendered],
        logger_factory=structlog.WriteLoggerFactory(sys.stdout),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)  # of libraries
    handler.setFormatter(_formatter(shared, rendered))
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    logging.captureWarnings(capture=True)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    stamina.instrumentation.set_on_retry_hooks([_log_retry])


@contextmanager
def task_context(
    *, request_id: str | None, session_id: str, task_id: str | None, channel: str
) -> Iterator[None]:
    """Put a task's ids, as far as they are known, on every line that is logged inside."""
    with structlog.contextvars.bound_contextvars(
        request_id=request_id, session_id=session_id, task_id=task_id, channel=channel
    ):
        yield


def _formatter(shared: list[Processor], rendered: list[Processor]) -> logging.Formatter:
    without_meta = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    return structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=[without_meta, *rendered])


def _service_adder(service: str) -> Processor:
    return lambda _logger, _method, event: {**event, "service": service}


def _log_retry(details: stamina.instrumentation.RetryDetails) -> None:
    """Log a retry without the call's arguments, which may hold URLs and prompts."""
    structlog.get_logger().warning(
        "retry_scheduled",
        call=details.name,
        retry=details.retry_num,
        wait_s=round(details.wait_for, 2),
        error=type(details.caused_by).__name__,
        detail=str(details.caused_by),
    )
