"""The sizing service as a process of its own, and how to ask it."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import httpx

from wearon_devkit.checkout import POSE_MODEL
from wearon_devkit.processes.child import Child, running
from wearon_devkit.run_folder import RunFolder
from wearon_devkit.services import INSTALLED_SCRIPTS, LOCAL_TIMES, Service


@dataclass(frozen=True)
class SizingService:
    """A running service, a client of it, and what it has logged."""

    client: httpx.Client
    child: Child
    log: Path

    def estimate(self, image_url: object, height_cm: object = 170, **more: object) -> httpx.Response:
        """Ask for an estimate."""
        return self.client.post(
            "/estimate-body", json={"image_url": image_url, "height_cm": height_cm, **more}
        )

    def upload(self, picture: bytes, **fields: object) -> httpx.Response:
        """Ask for an estimate of an uploaded picture."""
        form = {name: str(value) for name, value in fields.items()}
        return self.client.post("/estimate-body/upload", data=form, files={"image": ("me.jpg", picture)})

    def begin(self, path: str, content_type: str, length_bytes: int, body: bytes) -> socket.socket:
        """Start a request by hand, of which only so much comes: httpx would send all of it and wait."""
        url = self.client.base_url
        connection = socket.create_connection((url.host, url.port or 80), timeout=20)
        head = (
            f"POST {path} HTTP/1.1\r\nHost: sizing\r\nContent-Length: {length_bytes}\r\n"
            f"Content-Type: {content_type}\r\n\r\n"
        )
        connection.sendall(head.encode() + body)
        return connection

    def events(self) -> list[dict[str, Any]]:
        """Return everything logged so far; every line must be JSON."""
        return [json.loads(line) for line in self.log.read_text().splitlines()]

    def events_of(self, request_id: str) -> list[dict[str, Any]]:
        """Return what was logged about a request, its end included, which comes just after the answer."""
        until = monotonic() + 5
        while monotonic() < until:
            events = [event for event in self.events() if event.get("request_id") == request_id]
            if any(event["event"] == "http_request" for event in events):
                return events
            sleep(0.01)
        raise AssertionError(f"no end of {request_id} in the log")


@contextmanager
def running_sizing(folder: Path, **settings: str) -> Iterator[SizingService]:
    """Run the service with the given settings, by their environment names, until the context ends."""
    service = Service("sizing", INSTALLED_SCRIPTS / "wearon-sizing")
    variables = {
        "HOST": "127.0.0.1",
        "POSE_MODEL_PATH": str(POSE_MODEL),
        "POSE_LANDMARKERS": "2",
        **LOCAL_TIMES,
        **settings,
    }
    with (
        RunFolder.claim(folder) as run_folder,
        running([service.program(variables)], run_folder) as [child],
        httpx.Client(base_url=service.url, timeout=30) as client,
    ):
        child.wait_until_ready()
        yield SizingService(client, child, run_folder.log("sizing"))
