"""Pictures for the sizing service, and a host on the loopback address that serves them."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO

from PIL import Image, ImageDraw


def jpeg(picture: Image.Image) -> bytes:
    """Return the picture as a JPEG file."""
    buffer = BytesIO()
    picture.save(buffer, "JPEG", quality=92)
    return buffer.getvalue()


def pot() -> Image.Image:
    """Draw a cooking pot: a picture without a person."""
    picture = Image.new("RGB", (480, 480), "#d8d2c4")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((120, 200, 360, 380), fill="#5a5f66")
    draw.ellipse((120, 170, 360, 230), fill="#787e86")
    draw.rectangle((60, 220, 120, 240), fill="#2b2b2b")
    draw.rectangle((360, 220, 420, 240), fill="#2b2b2b")
    return picture


@contextmanager
def picture_host(
    pictures: Mapping[str, bytes], before_each: Callable[[], object] = lambda: None
) -> Iterator[str]:
    """Serve JPEG files by name while inside; yields `host:port`. `before_each` runs before every answer."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            before_each()
            body = pictures.get(self.path.partition("?")[0].lstrip("/"))
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Type", "image/jpeg")
            self.send_header("Content-Length", str(len(body or b"")))
            with suppress(ConnectionError):  # who asked may have gone meanwhile
                self.end_headers()
                self.wfile.write(body or b"")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
