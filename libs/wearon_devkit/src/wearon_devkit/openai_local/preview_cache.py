"""Previews composed off the event loop, each only once."""

import asyncio
import base64
import hashlib
from collections import OrderedDict
from concurrent.futures import Executor
from dataclasses import dataclass

from wearon_devkit.openai_local.decoding import decode_images
from wearon_devkit.openai_local.edit_request import EditRequest
from wearon_devkit.openai_local.image_size import size_for_auto
from wearon_devkit.openai_local.preview import compose_preview, encode


@dataclass(frozen=True, slots=True)
class InputFacts:
    """What the record and the token count need to know of one input picture."""

    format: str
    width_px: int
    height_px: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Preview:
    """A finished picture as base64 text, its size, and what it was made from."""

    b64_json: str
    size_px: tuple[int, int]
    inputs: tuple[InputFacts, ...]


class PreviewCache:
    """Composes previews in an executor and keeps the latest ones.

    Calls with equal pictures and equal output settings share one composition, also while it is under way:
    hundreds of equal calls cost one picture's work and one picture's memory.

    Decoding and drawing happen in `executor`; the latest `capacity` previews are kept.
    """

    def __init__(self, executor: Executor, capacity: int = 64) -> None:
        self._executor = executor
        self._capacity = capacity
        self._previews: OrderedDict[str, asyncio.Future[Preview]] = OrderedDict()

    async def preview_of(self, edit: EditRequest) -> Preview:
        """Return the preview of a call.

        Raises ApiError: 400 `invalid_image_file`; nothing is kept then.
        """
        key = await asyncio.get_running_loop().run_in_executor(self._executor, content_key, edit)
        try:
            return await asyncio.shield(self._started(key, edit))
        except BaseException:  # a cancelled caller forgets a failure too
            self._forget_failure(key)
            raise

    def _started(self, key: str, edit: EditRequest) -> asyncio.Future[Preview]:
        """Return the composition for the key, started now unless it already was."""
        if key not in self._previews:
            loop = asyncio.get_running_loop()
            self._previews[key] = loop.run_in_executor(self._executor, make_preview, edit)
        self._previews.move_to_end(key)
        if len(self._previews) > self._capacity:
            self._previews.popitem(last=False)
        return self._previews[key]

    def _forget_failure(self, key: str) -> None:
        """Drop a composition that failed; one that another call still waits for stays."""
        future = self._previews.get(key)
        if future is not None and future.done() and (future.cancelled() or future.exception()):
            del self._previews[key]


def content_key(edit: EditRequest) -> str:
    """Return a digest of all that the finished picture depends on."""
    digest = hashlib.sha256(repr((edit.size_px, edit.output_format, edit.compression_percent)).encode())
    for image in edit.images:
        digest.update(hashlib.sha256(image.content).digest())
    return digest.hexdigest()


def make_preview(edit: EditRequest) -> Preview:
    """Decode, compose and encode; blocking."""
    inputs = decode_images(edit.images)
    size_px = edit.size_px or size_for_auto(inputs[0].size_px)
    picture = compose_preview([image.picture for image in inputs], size_px)
    file = encode(picture, edit.output_format, edit.compression_percent)
    facts = (InputFacts(image.format, *image.size_px, image.size_bytes) for image in inputs)
    return Preview(base64.b64encode(file).decode(), size_px, tuple(facts))
