"""Shoppers who ask for try-ons, one after the other, and what became of them."""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from threading import Event
from uuid import UUID

from containers.deploy.beside import running_beside

from wearon_common.channel import Channel
from wearon_devkit.producer import Producer, TryOn
from wearon_devkit.session_state import read_session_states
from wearon_devkit.stores import Stores

_MANY_CREDITS = 100_000


@dataclass
class TaskTraffic:
    """One app server with a user and a store; pushes as the app does."""

    stores: Stores
    image_urls: Sequence[str]
    every_s: float
    asked: list[TryOn] = field(default_factory=list)
    _stopped: Event = field(default_factory=Event)

    @contextmanager
    def flowing(self) -> Iterator[None]:
        """Ask until the context ends."""
        with running_beside(self._flow, self._stopped):
            yield

    def wait_until_ended(self, within_s: float) -> Counter[str]:
        """Wait until nothing is under way any more; gives how many ended how, and how many did not."""
        deadline_s = time.monotonic() + within_s
        while (ended := self._ends())["queued"] + ended["processing"] and time.monotonic() < deadline_s:
            time.sleep(0.5)
        return ended

    def _ends(self) -> Counter[str]:
        ids = [try_on.session_id for try_on in self.asked]
        return Counter(state.status for state in read_session_states(self.stores.database, ids).values())

    def _flow(self) -> None:
        producer = Producer(*self.stores)
        owners: dict[Channel, UUID] = {
            Channel.B2C: producer.add_user(_MANY_CREDITS),
            Channel.B2B: producer.add_store(_MANY_CREDITS),
        }
        for channel in cycle(owners):
            if self._stopped.wait(self.every_s):
                return
            try_on = TryOn(channel, owners[channel], self.image_urls)
            producer.submit(try_on)
            self.asked.append(try_on)
