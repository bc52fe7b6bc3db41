from enum import StrEnum
from typing import ClassVar


class ImageReason(StrEnum):
    """Why an image was not obtained. Bounded: fit for a metric's label and a log field."""

    URL_REFUSED = "url_refused"
    ADDRESS_REFUSED = "address_refused"
    CERTIFICATE_REFUSED = "certificate_refused"
    NAME_UNKNOWN = "name_unknown"
    UNREACHABLE = "unreachable"
    TIMED_OUT = "timed_out"
    HTTP_STATUS = "http_status"
    ENCODED = "encoded"
    TOO_LARGE = "too_large"
    TOO_FRAGMENTED = "too_fragmented"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_COSTLY = "too_costly"
    NOT_AN_IMAGE = "not_an_image"
    BROKEN = "broken"


class ImageError(Exception):
    """An image could not be obtained; its class says what happens next.

    The text names a host at most, never a URL's path or query: those carry signatures.
    """

    transient: ClassVar[bool] = False
    """Whether the same request may succeed later."""

    def __init__(self, reason: ImageReason, detail: str) -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.reason}: {self.detail}"


class ImageUrlRefused(ImageError):  # noqa: N818 - the refusal is the fact; its root is called an error
    """The URL leads where this system does not go. Final."""


class ImageUnavailable(ImageError):  # noqa: N818 - as above
    """The image's host did not answer, or not now. Trying again makes sense."""

    transient: ClassVar[bool] = True


class ImageRejected(ImageError):  # noqa: N818 - as above
    """What the host answered is not an image we take. Final."""
