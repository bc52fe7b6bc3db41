"""What the pipeline asks of whoever makes the images."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from wearon_generator.turns import Flow


@dataclass(frozen=True)
class EditRequest:
    """One image to be made: the person first, then what she wears, as JPEG."""

    images: tuple[bytes, ...]
    prompt: str
    request_id: str  # correlates our logs with the provider's
    safety_identifier: str  # the same for all requests of one user or store, without naming them
    flow: Flow  # with whose other requests it waits in order
    asked_at: datetime  # when the shopper did


@dataclass(frozen=True)
class Usage:
    """Tokens that one call consumed."""

    input_text_tokens: int
    input_image_tokens: int
    output_tokens: int


@dataclass(frozen=True)
class GeneratedImage:
    """A finished image as the provider encoded it, and what it took."""

    data: bytes
    usage: Usage
    provider_request_id: str | None


class ImageProvider(Protocol):
    """Makes one image from several."""

    async def edit(self, request: EditRequest) -> GeneratedImage:
        """Make the image, once.

        Raises the `GenerationFailure` that says what to do next; it neither waits nor repeats.
        """
