"""Making one image: inputs, provider, storage."""

import hashlib
import time
from datetime import timedelta

import structlog

from wearon_common.sessions import Result
from wearon_common.task import GenerationTask
from wearon_generator.failures import RequestTooLarge
from wearon_generator.inputs import Inputs
from wearon_generator.pricing import Prices
from wearon_generator.provider import EditRequest, ImageProvider
from wearon_generator.results import Results

_DEFAULT_PROMPT = (
    "Virtual try-on: dress the person in the first image in the clothes of the other images. "
    "Keep the person's face, hair, body shape, skin tone, pose and the background as they are. "
    "Make it a realistic photograph."
)
_LONGEST_PROMPT = 32_000  # characters; OpenAI's limit

log = structlog.get_logger()


class Generation:
    """Turns a task into a stored image; raises the `GenerationFailure` that ended it."""

    def __init__(self, inputs: Inputs, provider: ImageProvider, results: Results, prices: Prices) -> None:
        self._inputs = inputs
        self._provider = provider
        self._results = results
        self._prices = prices

    async def run(self, task: GenerationTask) -> Result:
        """Do everything but the session's own bookkeeping."""
        started = time.monotonic()
        request = await self._request_for(task)
        asked = time.monotonic()
        image = await self._provider.edit(request)
        answered = time.monotonic()
        url = await self._results.store(task, await self._results.check(image.data))
        processing_time = timedelta(seconds=time.monotonic() - started)
        log.info(
            "image_stored",
            provider_ms=round((answered - asked) * 1000),
            processing_ms=round(processing_time.total_seconds() * 1000),
            provider_request_id=image.provider_request_id,
        )
        return Result(
            image_url=url,
            input_tokens=image.usage.input_text_tokens + image.usage.input_image_tokens,
            output_tokens=image.usage.output_tokens,
            cost_usd=self._prices.cost_usd(image.usage),
            processing_time=processing_time,
        )

    async def _request_for(self, task: GenerationTask) -> EditRequest:
        prompt = task.prompt.strip() or _DEFAULT_PROMPT
        if len(prompt) > _LONGEST_PROMPT:
            raise RequestTooLarge(f"prompt of {len(prompt)} characters")
        return EditRequest(
            images=await self._inputs.prepare(task.image_urls),
            prompt=prompt,
            request_id=task.trace_id,
            safety_identifier=hashlib.sha256(task.owner_id.encode()).hexdigest(),
            flow=(task.channel, task.owner_id),
            asked_at=task.created_at,
        )
