"""Who is next among those who wait, when everybody takes turns."""

from collections import deque
from typing import Generic, TypeVar

from wearon_common.channel import Channel

T = TypeVar("T")

Flow = tuple[Channel, str]  # a channel and one of its owners: what they wait for stays in order


class Turns(Generic[T]):
    """Round robin among the channels, and in each among its owners; a flow is first come, first served."""

    def __init__(self) -> None:
        self._channels: dict[Channel, dict[str, deque[T]]] = {}

    def __bool__(self) -> bool:
        return bool(self._channels)

    def join(self, flow: Flow, item: T) -> None:
        """Have `item` wait behind the others of its flow."""
        channel, owner = flow
        self._channels.setdefault(channel, {}).setdefault(owner, deque()).append(item)

    def next(self) -> T:
        """Take out whose turn it is; its owner and channel then go behind the others."""
        channel, owners = _first(self._channels)
        owner, items = _first(owners)
        item = items.popleft()
        if items:
            owners[owner] = items
        if owners:
            self._channels[channel] = owners
        return item


K = TypeVar("K")
V = TypeVar("V")


def _first(line: dict[K, V]) -> tuple[K, V]:
    key = next(iter(line))
    return key, line.pop(key)
