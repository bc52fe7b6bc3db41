import asyncio
import socket
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from ipaddress import ip_address
from typing import Protocol

from wearon_common.images.address import IPAddress

# Names are chosen by strangers, whose name servers may take their time. Their look-ups get threads of their
# own, apart from the decoding of images, and apart from the look-ups of names that answered last time.
_THREADS = 32
_ACQUAINTED_THREADS = 8
_MOST_ACQUAINTED = 1_000


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
    """Asks the machine's resolver (`getaddrinfo`), once at a time for each name."""

    def __init__(self) -> None:
        self._strangers = ThreadPoolExecutor(_THREADS, thread_name_prefix="resolve")
        self._acquainted = ThreadPoolExecutor(_ACQUAINTED_THREADS, thread_name_prefix="resolve-again")
        self._answered: dict[str, None] = {}  # names whose last look-up came back, the oldest first
        self._under_way: dict[tuple[str, int], asyncio.Task[Sequence[IPAddress]]] = {}

    async def resolve(self, host: str, port: int) -> Sequence[IPAddress]:
        """Return the host's addresses in the order that the system recommends (RFC 6724)."""
        asked = self._under_way.get((host, port))
        if asked is None:
            asked = self._under_way[host, port] = asyncio.create_task(self._ask(host, port))
            asked.add_done_callback(partial(self._end, (host, port)))
        return await asyncio.shield(asked)  # who gives up leaves the others their answer

    async def aclose(self) -> None:
        """Take no more look-ups; those under way end by themselves."""
        for threads in (self._strangers, self._acquainted):
            threads.shutdown(wait=False, cancel_futures=True)

    async def _ask(self, host: str, port: int) -> Sequence[IPAddress]:
        threads = self._acquainted if host in self._answered else self._strangers
        self._answered.pop(host, None)  # until it answers again
        addresses = await asyncio.get_running_loop().run_in_executor(threads, _look_up, host, port)
        self._answered[host] = None
        if len(self._answered) > _MOST_ACQUAINTED:
            del self._answered[next(iter(self._answered))]
        return addresses

    def _end(self, asked: tuple[str, int], task: asyncio.Task[Sequence[IPAddress]]) -> None:
        del self._under_way[asked]
        if not task.cancelled():
            task.exception()  # whoever asked may have gone


def _look_up(host: str, port: int) -> list[IPAddress]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [ip_address(address[0]) for _, _, _, _, address in found]
