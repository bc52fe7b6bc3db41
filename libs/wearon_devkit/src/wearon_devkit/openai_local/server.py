"""Uvicorn, with connections that a fault can break."""

import asyncio
import socket
import struct

import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.h11_impl import H11Protocol

LOOPBACK = "127.0.0.1"
STOP_WITHIN_S = 1


class Connection:
    """One caller's connection, which a fault may end."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport

    def close(self) -> None:
        """Send what is buffered, then close in order."""
        self._transport.close()

    def reset(self) -> None:
        """Drop the connection with a TCP RST: a linger time of zero makes closing do so."""
        linger_zero = struct.pack("ii", 1, 0)
        self._transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger_zero)
        self._transport.abort()


class BreakableProtocol(H11Protocol):
    """HTTP/1.1 that hands each request its connection as `request.state.connection`."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # asyncio's own is wider
        """Begin a connection."""
        super().connection_made(transport)
        self.app_state = {**self.app_state, "connection": Connection(transport)}


def make_server(app: Starlette, port: int = 0, host: str = LOOPBACK) -> uvicorn.Server:
    """Return a server; calls that still wait a second after a stop are cut off."""
    return uvicorn.Server(
        uvicorn.Config(
            app,
            host=host,
            port=port,
            http=BreakableProtocol,
            ws="none",
            lifespan="on",
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=STOP_WITHIN_S,
        )
    )
