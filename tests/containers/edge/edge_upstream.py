"""A double of what stands behind the edge: tells what it was asked, answers as it is told, drains on TERM.

`python edge_upstream.py PORT…` serves the same on every port. A JSON body may hold `status`, `sleep_s` and
`headers` for the answer. A WebSocket gets one text frame.
"""

import base64
import hashlib
import json
import signal
import socket
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_WEBSOCKET_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455


class Upstream(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 64 * 1024  # an answer is one packet: who is killed has answered, or has not

    def answer(self) -> None:
        if self.headers.get("Upgrade", "").lower() == "websocket":
            self._open_websocket()
            return
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        wanted = _wanted(body)
        time.sleep(wanted.get("sleep_s", 0))
        self._send(wanted, self._seen(body))

    do_GET = do_POST = do_OPTIONS = do_PUT = do_DELETE = answer  # noqa: N815 - names that http.server looks for

    def _seen(self, body: bytes) -> dict[str, Any]:
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = {"method": self.command, "target": self.path, "headers": headers, "body_bytes": len(body)}
        return {"replica": socket.gethostname(), **asked}

    def _send(self, wanted: dict[str, Any], seen: dict[str, Any]) -> None:
        content = json.dumps(seen).encode()
        self.send_response(wanted.get("status", 200))
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("X-Request-Id", self.headers.get("X-Request-Id", "none"))
        for name, value in wanted.get("headers", {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def _open_websocket(self) -> None:
        key = self.headers["Sec-WebSocket-Key"].encode()
        accept = base64.b64encode(hashlib.sha1(key + _WEBSOCKET_GUID).digest()).decode()  # noqa: S324 - RFC 6455
        self.send_response(101)
        for name, value in (
            ("Upgrade", "websocket"),
            ("Connection", "Upgrade"),
            ("Sec-WebSocket-Accept", accept),
        ):
            self.send_header(name, value)
        self.end_headers()
        message = b"hello"
        self.wfile.write(bytes([0x81, len(message)]) + message)
        self.wfile.flush()
        self.rfile.read(1)
        self.close_connection = True


def _wanted(body: bytes) -> dict[str, Any]:
    try:
        return dict(json.loads(body))
    except ValueError:
        return {}


def main() -> None:
    servers = [ThreadingHTTPServer(("", int(port)), Upstream) for port in sys.argv[1:]]
    for server in servers:
        server.daemon_threads = False  # what runs is finished
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda _signal, _frame: stopped.set())
    stopped.wait()
    for server in servers:
        server.shutdown()
        server.server_close()


if __name__ == "__main__":
    main()
