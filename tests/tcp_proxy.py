"""A way to a server that can be given a certificate, that can be blocked, and that counts what comes by."""

import asyncio
import re
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

_CHUNK = 65_536
_REQUEST_LINE = re.compile(rb"((?:GET|POST|PUT|PATCH|DELETE) /[!-~]*) HTTP/1\.1\r\n")


@dataclass
class TcpProxy:
    """Forwards connections of a port of this machine; `blocks_new` lets later ones hang without an answer.

    `connections` were taken so far, and `requests` are the `METHOD /path` of those in plain HTTP.
    """

    target_port: int
    port: int = 0
    blocks_new: bool = False
    connections: int = 0
    requests: list[str] = field(default_factory=list)

    async def serve(self, tls: ssl.SSLContext | None, ready: threading.Event, stop: asyncio.Event) -> None:
        """Forward until `stop`."""
        server = await asyncio.start_server(self._forward, "127.0.0.1", 0, ssl=tls)
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        await stop.wait()
        server.close()

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        if self.blocks_new:
            await reader.read()
            return
        onward_reader, onward_writer = await asyncio.open_connection("127.0.0.1", self.target_port)
        with suppress(OSError, ssl.SSLError):
            await asyncio.wait(
                [
                    asyncio.create_task(_pump(reader, onward_writer, self._note)),
                    asyncio.create_task(_pump(onward_reader, writer)),
                ],
                return_when=asyncio.FIRST_COMPLETED,
            )
        onward_writer.close()
        writer.close()

    def _note(self, data: bytes) -> None:
        self.requests += [line.decode() for line in _REQUEST_LINE.findall(data)]


async def _pump(
    source: asyncio.StreamReader,
    sink: asyncio.StreamWriter,
    note: Callable[[bytes], None] = lambda _data: None,
) -> None:
    while data := await source.read(_CHUNK):
        note(data)
        sink.write(data)
        await sink.drain()


@contextmanager
def tcp_proxy(target_port: int, tls: ssl.SSLContext | None = None) -> Iterator[TcpProxy]:
    """Run a proxy on a thread of its own."""
    proxy, ready, loop = TcpProxy(target_port), threading.Event(), asyncio.new_event_loop()
    stop = asyncio.Event()

    def run() -> None:
        with asyncio.Runner(loop_factory=lambda: loop) as runner:  # at its end, it ends what is still open
            runner.run(proxy.serve(tls, ready, stop))

    thread = threading.Thread(target=run)
    thread.start()
    try:
        assert ready.wait(10)
        yield proxy
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(timeout=10)
