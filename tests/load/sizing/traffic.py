"""Estimates asked for by many, and how long each answer took."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import cycle
from random import Random

import httpx
from sizing_pictures import jpeg, pot

from wearon_devkit.pictures import PERSONS

_UPLOAD = "/estimate-body/upload"


@dataclass(frozen=True)
class Answered:
    """An answer's status, seconds since it was asked for, and when it may be asked for again."""

    status: int
    took_s: float
    retry_after_s: float = 0.0


class Asker:
    """Asks for estimates of the bundled people in turn, and of a pot after them."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self._forms = cycle(_forms(client))

    async def ask(self, due_s: float | None = None) -> Answered:
        """Ask once; the answer's time counts from `due_s` (of `time.perf_counter`), or from now."""
        body, headers = next(self._forms)
        began_s = due_s or time.perf_counter()
        answer = await self._client.post(_UPLOAD, content=body, headers=headers)
        took_s = time.perf_counter() - began_s
        return Answered(answer.status_code, took_s, float(answer.headers.get("Retry-After", 0)))

    async def get(self, path: str) -> Answered:
        """Ask for something else."""
        began_s = time.perf_counter()
        answer = await self._client.get(path)
        return Answered(answer.status_code, time.perf_counter() - began_s)


@asynccontextmanager
async def asker(base_url: httpx.URL) -> AsyncIterator[Asker]:
    """Give one that may have any number of requests under way."""
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    async with httpx.AsyncClient(base_url=base_url, timeout=60, limits=limits, trust_env=False) as client:
        yield Asker(client)


async def keep_asking(asker: Asker, callers: int, for_s: float, random: Random) -> list[Answered]:
    """Let so many callers ask again and again; who is shed comes back within a second of when told to."""
    until_s = time.perf_counter() + for_s
    answers: list[Answered] = []

    async def call() -> None:
        await asyncio.sleep(random.random())
        while time.perf_counter() < until_s:
            answer = await asker.ask()
            answers.append(answer)
            if answer.retry_after_s:
                await asyncio.sleep(answer.retry_after_s + random.random())

    await asyncio.gather(*(call() for _ in range(callers)))
    return answers


async def ask_at_random(
    asker: Asker, per_s: float, requests: int, random: Random, after_each: Callable[[], object]
) -> list[Answered]:
    """Ask at a mean rate, at times that know nothing of each other, whether or not answers have come."""

    async def ask(due_s: float) -> Answered:
        answer = await asker.ask(due_s)
        after_each()
        return answer

    due_s = time.perf_counter()
    under_way: list[asyncio.Task[Answered]] = []
    for _ in range(requests):
        due_s += random.expovariate(per_s)
        await asyncio.sleep(due_s - time.perf_counter())
        under_way.append(asyncio.create_task(ask(due_s)))
    return await asyncio.gather(*under_way)


@asynccontextmanager
async def watching(asker: Asker, paths: tuple[str, ...], every_s: float) -> AsyncIterator[list[Answered]]:
    """Ask for each of the paths again and again until the context ends; fills the list."""
    answers: list[Answered] = []

    async def watch() -> None:
        for path in cycle(paths):
            answers.append(await asker.get(path))
            await asyncio.sleep(every_s)

    watcher = asyncio.create_task(watch())
    try:
        yield answers
    finally:
        watcher.cancel()
        await asyncio.gather(watcher, return_exceptions=True)


def _forms(client: httpx.AsyncClient) -> Iterator[tuple[bytes, httpx.Headers]]:
    for picture in [*(person.path.read_bytes() for person in PERSONS), jpeg(pot())]:
        files = {"image": ("me.jpg", picture)}
        request = client.build_request("POST", _UPLOAD, data={"height_cm": "170"}, files=files)
        yield request.read(), request.headers
