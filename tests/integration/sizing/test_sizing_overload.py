import socket
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from processes import wait_for
from sizing_pictures import picture_host
from sizing_service import SizingService, running_sizing

from wearon_devkit.pictures import PERSONS

AMARA = PERSONS[0]
PICTURE = AMARA.path.read_bytes()
SLOTS = 3


@dataclass
class BusyService:
    """A service with three slots, and a host whose pictures come when they are let go."""

    sizing: SizingService
    picture_url: str
    may_answer: threading.Event
    asked: threading.Semaphore

    def fill(self, callers: ThreadPoolExecutor) -> list[Future[httpx.Response]]:
        """Take every slot; each waits for its picture."""
        running = [
            callers.submit(self.sizing.estimate, self.picture_url, AMARA.height_cm) for _ in range(SLOTS)
        ]
        self.wait_until_full()
        return running

    def wait_until_full(self) -> None:
        """Wait until the host has been asked for a picture for every slot."""
        assert all(self.asked.acquire(timeout=20) for _ in range(SLOTS))

    def upload(self) -> httpx.Response:
        """Ask for an estimate that waits for nobody."""
        return self.sizing.upload(PICTURE, height_cm=AMARA.height_cm)


@pytest.fixture
def busy(valkey: str, tmp_path: Path) -> Iterator[BusyService]:
    may_answer, asked = threading.Event(), threading.Semaphore(0)

    def hold() -> None:
        asked.release()
        may_answer.wait(60)

    settings = {
        "REDIS_URL": valkey,
        "POSE_LANDMARKERS": "1",
        "MOST_REQUESTS": str(SLOTS),
        "IMAGE_FETCH_TIMEOUT_SECONDS": "60",
    }
    with (
        picture_host({"amara": PICTURE}, before_each=hold) as host,
        running_sizing(tmp_path / "run", IMAGE_FETCH_PRIVATE_HOSTS=host, **settings) as sizing,
    ):
        try:
            yield BusyService(sizing, f"http://{host}/amara", may_answer, asked)
        finally:
            may_answer.set()


def test_what_exceeds_the_slots_is_shed_while_these_run_and_these_are_answered(busy: BusyService) -> None:
    with ThreadPoolExecutor(SLOTS) as callers:
        running = busy.fill(callers)
        shed = [busy.upload() for _ in range(5)] + [busy.sizing.estimate(busy.picture_url)]
        watched = [busy.sizing.client.get(path) for path in ("/health", "/metrics")]
        still_running = [not future.done() for future in running]
        busy.may_answer.set()
        answers = [future.result() for future in running]
    assert [answer.status_code for answer in shed] == [503] * 6
    assert {answer.json()["reason"] for answer in shed} == {"overloaded"}
    assert all(int(answer.headers["Retry-After"]) >= 1 for answer in shed)
    assert [answer.status_code for answer in watched] == [200, 200]
    assert watched[0].json()["status"] == "ok"
    assert still_running == [True] * SLOTS
    assert [answer.status_code for answer in answers] == [200] * SLOTS
    assert busy.upload().status_code == 200


def test_an_upload_is_shed_before_its_picture_has_come(busy: BusyService) -> None:
    with ThreadPoolExecutor(SLOTS) as callers:
        busy.fill(callers)
        with upload_begun(busy.sizing) as connection:
            connection.settimeout(20)
            assert connection.recv(100).startswith(b"HTTP/1.1 503")
        busy.may_answer.set()


def test_who_hangs_up_while_the_picture_comes_costs_nothing_more(busy: BusyService) -> None:
    body = f'{{"image_url": "{busy.picture_url}", "height_cm": 170}}'.encode()
    connections = [
        busy.sizing.begin("/estimate-body", "application/json", len(body), body) for _ in range(SLOTS)
    ]
    busy.wait_until_full()
    hang_up_and_see_the_slots_free(busy, connections)
    busy.may_answer.set()
    assert [event["event"] for event in busy.sizing.events()].count("request_abandoned") == SLOTS
    assert [event["status"] for event in ends(busy, "/estimate-body")] == [None] * SLOTS


def test_who_hangs_up_in_the_middle_of_an_upload_leaves_the_slot_to_others(busy: BusyService) -> None:
    connections = [upload_begun(busy.sizing) for _ in range(SLOTS)]
    assert wait_for(lambda: busy.upload().status_code == 503)
    hang_up_and_see_the_slots_free(busy, connections)


def hang_up_and_see_the_slots_free(busy: BusyService, connections: list[socket.socket]) -> None:
    assert busy.upload().status_code == 503
    for connection in connections:
        connection.close()
    assert wait_for(lambda: busy.upload().status_code == 200)
    assert not any(event["event"] == "request_failed" for event in busy.sizing.events())


def ends(busy: BusyService, path: str) -> list[dict[str, Any]]:
    """Return the log's lines about the ends of the requests to a path."""
    return [
        event for event in busy.sizing.events() if event["event"] == "http_request" and event["path"] == path
    ]


def upload_begun(sizing: SizingService) -> socket.socket:
    """Send the start of an upload of 9 MB."""
    return sizing.begin("/estimate-body/upload", "multipart/form-data; boundary=x", 9_000_000, b"--x\r\n")
