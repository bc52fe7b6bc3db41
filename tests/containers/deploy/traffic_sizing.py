"""Shoppers who ask for their size again and again, whatever happens behind Nginx."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event

import httpx
from containers.deploy.beside import running_beside

_LONGEST_ANSWER_S = 60.0


@dataclass
class SizingTraffic:
    """What became of the requests: how many had which answer, and how long the slowest took."""

    url: str
    picture_url: str
    height_cm: float
    shoppers: int
    pause_s: float
    answers: Counter[str] = field(default_factory=Counter)
    slowest_s: float = 0.0
    _stopped: Event = field(default_factory=Event)

    @property
    def failed(self) -> int:
        """How many had no answer, or another than 200."""
        return self.answers.total() - self.answers["200"]

    @contextmanager
    def flowing(self) -> Iterator[None]:
        """Ask until the context ends, then wait for the last answers."""
        with running_beside(lambda: asyncio.run(self._flow()), self._stopped):
            yield

    async def _flow(self) -> None:
        # Each request has a connection of its own, as each shopper has.
        limits = httpx.Limits(max_keepalive_connections=0)
        async with (
            httpx.AsyncClient(
                verify=False,  # noqa: S501 - it signs for itself
                limits=limits,
                timeout=_LONGEST_ANSWER_S,
                trust_env=False,
            ) as http,
            asyncio.TaskGroup() as asking,
        ):
            for _ in range(self.shoppers):
                asking.create_task(self._shop(http))

    async def _shop(self, http: httpx.AsyncClient) -> None:
        while not self._stopped.is_set():
            await self._ask(http)
            await asyncio.sleep(self.pause_s)

    async def _ask(self, http: httpx.AsyncClient) -> None:
        began_s = time.monotonic()
        question = {"image_url": self.picture_url, "height_cm": self.height_cm}
        try:
            answer = await http.post(f"{self.url}/estimate-body", json=question)
            self.answers[str(answer.status_code)] += 1
        except httpx.HTTPError as error:
            self.answers[type(error).__name__] += 1
        self.slowest_s = max(self.slowest_s, time.monotonic() - began_s)
