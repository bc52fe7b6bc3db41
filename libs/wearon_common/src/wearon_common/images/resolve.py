import asyncio
import socket
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address
from typing import Protocol

from wearon_common.images.address import IPAddress

# Names are chosen by strangers, whose name servers may take their time. Their look-ups get threads of
# their own, so that they hold up other look-ups at most, never the decoding of images.
_THREADS = 32


class Resolver(Protocol):
    """Turns a host name into addresses."""

    async def resolve(self, host: str, port: int) -> Sequence[IPAddress]:
        """Return the host's addresses, best first.

        Raises:
            socket.gaierror: the name has no address, or its servers do not answer.
        """

    async def aclose(self) -> None:
        """Let go of what the resolver holds."""


class SystemResolver:
    """Asks the machine's resolver (`getaddrinfo`)."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="resolve")

    async def resolve(self, host: str, port: int) -> Sequence[IPAddress]:
        """Return the host's addresses in the order that the system recommends (RFC 6724)."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, _look_up, host, port)

    async def aclose(self) -> None:
        """Take no more look-ups; those under way end by themselves."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _look_up(host: str, port: int) -> list[IPAddress]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [ip_address(address[0]) for _, _, _, _, address in found]
