"""HTTP servers on 127.0.0.1 that behave as no honest one does, byte by byte."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass, field

Behaviour = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass
class HostileServer:
    """A server that is up: where, the head of each request that it got, and each connection, open or not."""

    port: int
    requests: list[bytes] = field(default_factory=list)
    connections: list[asyncio.StreamWriter] = field(default_factory=list)

    def hang_up(self) -> None:
        """Close every connection."""
        for connection in self.connections:
            connection.close()

    def open_connections(self) -> int:
        """Count the connections that neither side has closed."""
        return sum(not connection.is_closing() for connection in self.connections)


@asynccontextmanager
async def serving(
    behaviour: Behaviour, ssl_context: ssl.SSLContext | None = None, *, requests_per_connection: int = 1
) -> AsyncIterator[HostileServer]:
    """Run a server that treats each request with `behaviour` once its head is in.

    It hangs up after that many requests, by default after the first one.
    """
    hostile = HostileServer(port=0)
    connections: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        hostile.connections.append(writer)
        with suppress(OSError, asyncio.IncompleteReadError), closing(writer):
            for _ in range(requests_per_connection):
                hostile.requests.append(await reader.readuntil(b"\r\n\r\n"))
                await behaviour(writer)

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.add(asyncio.create_task(serve(reader, writer)))

    server = await asyncio.start_server(accept, "127.0.0.1", 0, ssl=ssl_context)
    hostile.port = server.sockets[0].getsockname()[1]
    try:
        yield hostile
    finally:
        server.close()
        for connection in connections:
            connection.cancel()
        await asyncio.gather(*connections, return_exceptions=True)


def answering(*parts: bytes) -> Behaviour:
    """Send the parts and close."""

    async def behave(writer: asyncio.StreamWriter) -> None:
        for part in parts:
            writer.write(part)
            await writer.drain()

    return behave


def endlessly(start: bytes, piece: bytes, pause_s: float = 0) -> Behaviour:
    """Send the start, then the piece again and again until the client hangs up."""

    async def behave(writer: asyncio.StreamWriter) -> None:
        writer.write(start)
        while not writer.is_closing():
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause_s)

    return behave


def silent() -> Behaviour:
    """Say nothing, and keep the connection."""
    return endlessly(b"", b"", pause_s=0.05)


def head(*lines: str, status: str = "200 OK", content_type: str | None = "image/jpeg") -> bytes:
    """Return the head of a response with these header lines."""
    typed = [] if content_type is None else [f"Content-Type: {content_type}"]
    return "\r\n".join([f"HTTP/1.1 {status}", *typed, *lines, "", ""]).encode()


def whole(body: bytes, *lines: str, status: str = "200 OK", content_type: str | None = "image/jpeg") -> bytes:
    """Return a well-formed response with this body."""
    return head(f"Content-Length: {len(body)}", *lines, status=status, content_type=content_type) + body
