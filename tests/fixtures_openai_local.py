"""A running OpenAI stand-in, and calls to it."""

import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BytesIO
from typing import Any

import httpx
from PIL import Image

from wearon_devkit.openai_local import LOCAL_API_KEY, StubConfig, create_app, make_server

EDITS_PATH = "/v1/images/edits"
GOOD_FORM = {
    "prompt": "Virtual try-on: dress the person in the garment",
    "model": "gpt-image-2.6-flare",
    "size": "1024x1536",
    "quality": "medium",
    "n": "1",
    "output_format": "jpeg",
}

FilePart = tuple[str, tuple[str, bytes, str]]


def picture(
    colour: str = "navy", size_px: tuple[int, int] = (60, 80), image_format: str = "JPEG", mode: str = "RGB"
) -> bytes:
    """Return a small picture file of one colour."""
    file = BytesIO()
    Image.new(mode, size_px, colour).save(file, image_format)
    return file.getvalue()


def image_part(content: bytes | None = None, content_type: str = "image/jpeg") -> FilePart:
    """Return one `image[]` part of the form."""
    return ("image[]", ("picture", picture() if content is None else content, content_type))


class StubCaller:
    """Calls a running stub as its users do."""

    def __init__(self, base_url: str) -> None:
        headers = {"authorization": f"Bearer {LOCAL_API_KEY}"}
        self.base_url = base_url
        self.http = httpx.Client(base_url=base_url, headers=headers, timeout=10, trust_env=False)

    def edit(
        self,
        *,
        files: Sequence[FilePart] | None = None,
        headers: Mapping[str, str] | None = None,
        timeout_s: float = 10,
        **form: str,
    ) -> httpx.Response:
        """Post an image edit: the good form with the given fields in place of its own."""
        return self.edit_with(form, files=files, headers=headers, timeout_s=timeout_s)

    def edit_with(
        self,
        form: Mapping[str, str],
        *,
        files: Sequence[FilePart] | None = None,
        headers: Mapping[str, str] | None = None,
        timeout_s: float = 10,
    ) -> httpx.Response:
        """Post an image edit whose changed fields are only known at run time."""
        parts = [image_part()] if files is None else list(files)
        return self.http.post(
            EDITS_PATH, data={**GOOD_FORM, **form}, files=parts, headers=headers or {}, timeout=timeout_s
        )

    def script(self, kind: str, *, times: int | None = 1, match: object = None, **fault: float) -> None:
        """Script one fault."""
        rule = {"match": match or {}, "times": times, "fault": {"kind": kind, **fault}}
        self.http.post("/__script", json=[rule]).raise_for_status()

    def record(self) -> list[dict[str, Any]]:
        """Return the recorded calls."""
        calls: list[dict[str, Any]] = self.http.get("/__record").raise_for_status().json()
        return calls

    def forget(self) -> None:
        """Drop the script and the record."""
        self.http.delete("/__script").raise_for_status()
        self.http.delete("/__record").raise_for_status()


@contextmanager
def running_stub(config: StubConfig) -> Iterator[StubCaller]:
    """Serve the stub from a thread of this process, on a free port, for as long as the block lasts."""
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listener:
        server = make_server(create_app(config))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        caller = StubCaller(f"http://127.0.0.1:{listener.getsockname()[1]}")
        try:
            caller.http.get("/health").raise_for_status()
            yield caller
        finally:
            caller.http.close()
            server.should_exit = True
            thread.join(timeout=10)
