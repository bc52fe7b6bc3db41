"""One JSON object per line, whoever logs."""

import json
import subprocess
import sys
from typing import Any

HEAD = """
import asyncio, logging, sys, threading, warnings
import structlog
from wearon_common.logs import configure_logging, task_context
configure_logging("wearon-test", "INFO")
log = structlog.get_logger()
"""


def logged(script: str) -> list[dict[str, Any]]:
    """Run a script in a process of its own, where logging is configured once, and read what it wrote."""
    run = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", HEAD + script], capture_output=True, text=True, check=False, timeout=60
    )
    assert run.stderr == ""
    return [json.loads(line) for line in run.stdout.splitlines()]


def test_an_event_has_its_fields_its_level_its_service_and_its_time() -> None:
    [event] = logged('log.info("image_stored", provider_ms=7)')
    assert event.pop("time").endswith("Z")
    assert event == {"event": "image_stored", "provider_ms": 7, "level": "info", "service": "wearon-test"}


def test_a_library_logs_in_the_same_form() -> None:
    [event] = logged('logging.getLogger("kombu").warning("lost %s", "redis://u:SECRET@h/0")')
    assert event["event"] == "lost redis://[redacted]@h/0"
    assert (event["level"], event["service"]) == ("warning", "wearon-test")


def test_a_traceback_is_one_redacted_line() -> None:
    [event] = logged("""
try:
    raise ValueError("https://x/a.jpg?token=SECRET")
except ValueError:
    log.exception("broke")
""")
    assert "Traceback" in event["exception"]
    assert "SECRET" not in event["exception"]


def test_a_traceback_of_a_library_is_one_line() -> None:
    [event] = logged("""
try:
    1 / 0
except ZeroDivisionError:
    logging.getLogger("celery").exception("broke")
""")
    assert "ZeroDivisionError" in event["exception"]


def test_a_warning_is_one_line() -> None:
    [event] = logged('warnings.warn("as root: a bad idea", UserWarning)')
    assert "a bad idea" in event["event"]


def test_line_breaks_stay_inside_their_line() -> None:
    [event] = logged('log.info("task_dispatched", request_id="a\\nb\\r\\u2028c")')
    assert event["request_id"] == "a\nb\r\u2028c"


def test_inside_a_task_every_line_names_it_also_in_other_tasks_and_threads_of_it() -> None:
    events = logged("""
async def work():
    with task_context(request_id="R", session_id="S", task_id="T", channel="b2c"):
        log.info("one")
        await asyncio.create_task(asyncio.to_thread(log.info, "two"))
        logging.getLogger("library").info("three")
    log.info("four")
asyncio.run(work())
""")
    assert [(event["event"], event.get("session_id"), event.get("request_id")) for event in events] == [
        ("one", "S", "R"),
        ("two", "S", "R"),
        ("three", "S", "R"),
        ("four", None, None),
    ]


def test_what_lies_below_the_level_is_not_written() -> None:
    assert logged('log.debug("no"); logging.getLogger("httpx").info("GET https://x/?token=SECRET")') == []


def test_a_retry_is_logged_without_the_calls_arguments() -> None:
    [event] = logged("""
import stamina
@stamina.retry(on=ConnectionError, attempts=2, wait_initial=0, wait_jitter=0)
def fetch(url):
    if not fetch.tries:
        fetch.tries.append(1)
        raise ConnectionError("no answer")
fetch.tries = []
fetch("https://x/a?token=SECRET")
""")
    assert (event["event"], event["error"], event["detail"]) == (
        "retry_scheduled",
        "ConnectionError",
        "no answer",
    )
    assert "SECRET" not in json.dumps(event)
