"""A death in the middle of a call."""

import os
import selectors
import signal
import socket
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import Any, NoReturn

from redis.asyncio.connection import AbstractConnection

Call = Callable[..., Any]


def die() -> NoReturn:
    """End this process as a power cut would."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError  # nobody survives the signal


class LastCall:
    """A call that this process does not outlive.

    It dies when a request is written and it has to wait for the answer, or is about to read it; at the latest
    when the call returns.
    """

    def __init__(self) -> None:
        self._is_in_it = ContextVar("is_in_last_call", default=False)
        self._asked: object = None  # the socket that the request went to

    def watch(self) -> None:
        """Look at all that goes through sockets, handshakes apart, and at every wait of an event loop."""
        _replace(AbstractConnection, "connect_check_health", self._unwatched)
        _replace(selectors.DefaultSelector, "select", self._watched_wait)
        for name in ("send", "sendall", "sendmsg"):
            _replace(socket.socket, name, self._watched_write)
        for name in ("recv", "recv_into"):
            _replace(socket.socket, name, self._watched_read)

    async def make(self, call: Awaitable[object]) -> NoReturn:
        """Make the call, and die."""
        self._is_in_it.set(True)
        try:
            await call
        finally:
            die()

    def _unwatched(self, original: Call) -> Call:
        async def connect(*args: object, **kwargs: object) -> object:
            token = self._is_in_it.set(False)
            try:
                return await original(*args, **kwargs)
            finally:
                self._is_in_it.reset(token)

        return connect

    def _watched_write(self, original: Call) -> Call:
        def write(*args: object) -> object:
            written = original(*args)
            if self._is_in_it.get():
                self._asked = args[0]
            return written

        return write

    def _watched_read(self, original: Call) -> Call:
        def read(*args: object) -> object:
            if self._asked is args[0]:
                die()
            return original(*args)

        return read

    def _watched_wait(self, original: Call) -> Call:
        def select(selector: object, timeout: float | None = None) -> object:
            if self._asked and timeout != 0:  # with 0 the loop has more to do, perhaps more to write
                die()
            return original(selector, timeout)

        return select


def _replace(owner: type, name: str, wrap: Callable[[Call], Call]) -> None:
    setattr(owner, name, wrap(getattr(owner, name)))
