"""OpenAI's image edit endpoint, on httpx: the SDK's own retries would bypass the rate limiter."""

import asyncio
from collections.abc import Mapping

import httpx
import structlog

from wearon_generator.failures import ProviderAnswerUseless, ProviderOutcomeUnknown, ProviderUnreachable
from wearon_generator.openai.answer import read_image
from wearon_generator.openai.refusal import refusal_of
from wearon_generator.provider import EditRequest, GeneratedImage
from wearon_generator.settings import OpenAISettings

_MAX_ANSWER_BYTES = 64 * 1024 * 1024
_CONNECT_TIMEOUT_S = 10
_RATE_LIMIT = "x-ratelimit-"
# One call needs one connection, and there are as many calls as there are tasks. With fewer kept than are
# open, the pool, which counts busy connections as idle ones, would hang up after each call. They are kept
# for less time than any server keeps them (uvicorn: 5 s): a call that meets a server hanging up may have
# been billed and is not repeated, and against 20 s of waiting a new connection costs nothing.
_CONNECTIONS = httpx.Limits(max_connections=None, max_keepalive_connections=None, keepalive_expiry=3)

log = structlog.get_logger()


class OpenAIImages:
    """An `ImageProvider`: one `edit` is one HTTP request, bounded in time and size to its last byte."""

    def __init__(self, http: httpx.AsyncClient, settings: OpenAISettings) -> None:
        self._http = http
        self._timeout_s = settings.openai_timeout.total_seconds()
        self._parameters = {
            "model": settings.openai_image_model,
            "size": settings.openai_image_size,
            "quality": settings.openai_image_quality,
            "output_format": settings.openai_image_format,
            "n": "1",
        }

    async def edit(self, request: EditRequest) -> GeneratedImage:
        """Make the image; see `ImageProvider`."""
        try:
            async with asyncio.timeout(self._timeout_s):
                return await self._exchange(request)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise ProviderUnreachable(type(error).__name__) from error
        except (httpx.HTTPError, TimeoutError) as error:
            raise ProviderOutcomeUnknown(type(error).__name__) from error

    async def _exchange(self, request: EditRequest) -> GeneratedImage:
        async with self._http.stream(
            "POST",
            "images/edits",
            data={
                **self._parameters,
                "prompt": request.prompt,
                "safety_identifier": request.safety_identifier,
            },
            files=[("image[]", (f"{n}.jpg", image, "image/jpeg")) for n, image in enumerate(request.images)],
            headers={"X-Client-Request-Id": request.request_id},
        ) as response:
            body = await _read(response)
        _log_answer(response.status_code, response.headers)
        if response.status_code != httpx.codes.OK:
            raise refusal_of(response.status_code, response.headers, body)
        return read_image(body, response.headers.get("x-request-id"))


def connect_openai(settings: OpenAISettings) -> httpx.AsyncClient:
    """Make the HTTP client; nothing is sent yet."""
    return httpx.AsyncClient(
        base_url=settings.openai_base_url,
        headers={"Authorization": f"Bearer {settings.openai_api_key.get_secret_value()}"},
        timeout=httpx.Timeout(settings.openai_timeout.total_seconds(), connect=_CONNECT_TIMEOUT_S),
        limits=_CONNECTIONS,
        follow_redirects=False,
        trust_env=False,
    )


async def _read(response: httpx.Response) -> bytes:
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > _MAX_ANSWER_BYTES:
            raise ProviderAnswerUseless("answer too large")
    return bytes(body)


def _log_answer(status: int, headers: Mapping[str, str]) -> None:
    log.info(
        "provider_answered",
        status=status,
        provider_request_id=headers.get("x-request-id"),
        rate_limits={
            name.removeprefix(_RATE_LIMIT): value
            for name, value in headers.items()
            if name.startswith(_RATE_LIMIT)
        },
        retry_after=headers.get("retry-after"),
    )
