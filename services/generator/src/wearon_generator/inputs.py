"""From image URLs to what the provider takes."""

import asyncio
from concurrent.futures import Executor

from wearon_common.images import ImageError, ImageFetcher, ImageReason, on_thread, shrink_to_jpeg
from wearon_generator.failures import ImageUnreachable, ImageUnusable, RequestTooLarge

_LONGEST_SIDE_PX = 1024
_MOST_IMAGES = 16  # OpenAI's limit
_NEVER_SEEN = frozenset({ImageReason.HTTP_STATUS, ImageReason.NAME_UNKNOWN})


class Inputs:
    """Downloads in parallel; decodes and shrinks on `cpu`: big photos never stop the waiting calls.

    A photo is downloaded only when its turn to be shrunk is near, so that a burst of tasks holds few.
    """

    def __init__(self, fetcher: ImageFetcher, cpu: Executor) -> None:
        self._fetcher = fetcher
        self._cpu = cpu

    async def prepare(self, urls: tuple[str, ...]) -> tuple[bytes, ...]:
        """Give each image as a JPEG of at most 1024 px a side, in order.

        Raises `RequestTooLarge`, `ImageUnreachable` or `ImageUnusable`.
        """
        if len(urls) > _MOST_IMAGES:
            raise RequestTooLarge(f"{len(urls)} images")
        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(self._prepare_one(url)) for url in urls]
        except BaseExceptionGroup as failures:  # `except*` wraps what it raises, before Python 3.11.4
            expected, others = failures.split(ImageError)
            if expected is None or others is not None:
                raise
            raise _failure_of(expected) from None
        return tuple(task.result() for task in tasks)

    async def _prepare_one(self, url: str) -> bytes:
        async with self._fetcher.fetched(url) as data:
            return await on_thread(self._cpu, _shrink, data)


def _shrink(data: bytes) -> bytes:
    return shrink_to_jpeg(data, _LONGEST_SIDE_PX)


def _failure_of(group: BaseExceptionGroup[ImageError]) -> ImageUnreachable | ImageUnusable:
    error = next(error for error in group.exceptions if isinstance(error, ImageError))
    is_unreachable = error.transient or error.reason in _NEVER_SEEN
    return ImageUnreachable(str(error)) if is_unreachable else ImageUnusable(str(error))
