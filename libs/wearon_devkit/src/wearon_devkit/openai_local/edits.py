"""`POST /v1/images/edits`."""

import random
import secrets
import time
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from wearon_devkit.openai_local.config import StubConfig
from wearon_devkit.openai_local.edit_request import EditRequest, read_edit_request
from wearon_devkit.openai_local.errors import invalid_api_key
from wearon_devkit.openai_local.fault_answers import broken_answer
from wearon_devkit.openai_local.fault_errors import error_of
from wearon_devkit.openai_local.faults import Fault, FaultKind
from wearon_devkit.openai_local.preview_cache import Preview, PreviewCache
from wearon_devkit.openai_local.record import Call
from wearon_devkit.openai_local.script import Script
from wearon_devkit.openai_local.usage import usage_of
from wearon_devkit.openai_local.waiting import wait

FORM_PARTS_LIMIT = 64


@dataclass(frozen=True, slots=True)
class ReadyAnswer:
    """A good answer, made and not yet due, and what a fault needs to know of its call.

    It holds none of the call's own pictures: a waiting call weighs what its preview weighs.
    """

    preview: Preview
    model: str
    prompt: str
    body: dict[str, object]


class ImageEdits:
    """Answers image edits with previews, unless the script has a fault for the call.

    A call is checked first, as OpenAI would; faults befall only calls that would have succeeded.
    """

    def __init__(self, config: StubConfig, script: Script, previews: PreviewCache) -> None:
        self._config = config
        self._script = script
        self._previews = previews
        self._dice = random.Random(config.seed)  # noqa: S311 - a latency is no secret

    async def edit(self, request: Request) -> Response:
        """Answer one call."""
        self._check_key(request)
        ready = await self._prepare(request)
        fault = self._script.fault_for(ready.prompt)
        call: Call = request.state.call
        call.fault = None if fault is None else fault.kind
        await wait(request, self._seconds_left(call, fault))
        return await answer(ready, fault, request)

    def _check_key(self, request: Request) -> None:
        """Raise the 401 of a missing or wrong bearer key."""
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not secrets.compare_digest(
            key.encode(), self._config.api_key.encode()
        ):
            raise invalid_api_key()

    async def _prepare(self, request: Request) -> ReadyAnswer:
        """Check the call, note it in its record, and make its good answer."""
        async with request.form(max_files=FORM_PARTS_LIMIT, max_fields=FORM_PARTS_LIMIT) as form:
            edit = await read_edit_request(form)
        call: Call = request.state.call
        call.model = edit.model
        call.keep_prompt(edit.prompt)
        preview = await self._previews.preview_of(edit)
        call.images = preview.inputs
        return ReadyAnswer(preview, edit.model, edit.prompt, body_of(edit, preview))

    def _seconds_left(self, call: Call, fault: Fault | None) -> float:
        """Return how long the answer must still wait; what was spent on making it counts."""
        latency_s = self._config.latency.draw_s(self._dice) if fault is None else fault.latency_s
        return call.started_s + latency_s - time.monotonic()


async def answer(ready: ReadyAnswer, fault: Fault | None, request: Request) -> Response:
    """Give the good answer, or what the fault makes of it."""
    if fault is None or fault.kind is FaultKind.SLOW:
        return JSONResponse(ready.body)
    error = error_of(fault, ready.model)
    if error is not None:
        raise error
    return await broken_answer(fault.kind, ready.body, request)


def body_of(edit: EditRequest, preview: Preview) -> dict[str, object]:
    """Return the good answer's JSON."""
    sizes_px = [(image.width_px, image.height_px) for image in preview.inputs]
    return {
        "created": int(time.time()),
        "background": "opaque",
        "data": [{"b64_json": preview.b64_json}] * edit.image_count,
        "output_format": edit.output_format,
        "quality": "medium" if edit.quality == "auto" else edit.quality,
        "size": f"{preview.size_px[0]}x{preview.size_px[1]}",
        "usage": usage_of(edit.prompt, sizes_px, preview.size_px, edit.quality, edit.image_count),
    }
