"""Everything that can end a generation early. The type says what happens next; the user reads `message`.

Messages go to the shopper as they are: what happened and what it means for them, never anything internal.
"""

from datetime import timedelta
from typing import ClassVar

_NOT_CHARGED = "You were not charged."


class GenerationFailure(Exception):  # noqa: N818 - a failure of the generation, not of the program
    """Final: the session fails and what it was charged goes back."""

    reason: ClassVar[str] = "internal_error"
    message: ClassVar[str] = f"Something went wrong on our side. {_NOT_CHARGED} Please try again."
    needs_a_person: ClassVar[bool] = False


class DeadlineExceeded(GenerationFailure):
    """It took longer than anybody should wait."""

    reason = "deadline_exceeded"
    message = f"Your image took too long to finish. {_NOT_CHARGED} Please try again."


class TooManyAttempts(GenerationFailure):
    """Earlier attempts ended without a trace, and perhaps this session ended them."""

    reason = "too_many_attempts"


class ImageUnusable(GenerationFailure):
    """One of the shopper's images is not one we can work with."""

    reason = "image_unusable"
    message = (
        f"We could not use one of your images. {_NOT_CHARGED} "
        "Please use JPEG, PNG or WebP pictures of up to 10 MB."
    )


class ImageUnreachable(GenerationFailure):
    """One of the shopper's images could not be downloaded."""

    reason = "image_unreachable"
    message = f"We could not download one of your images. {_NOT_CHARGED} Please upload it again."


class RequestTooLarge(GenerationFailure):
    """More images or text than the provider takes."""

    reason = "request_too_large"
    message = f"This try-on has too many images or too long a description. {_NOT_CHARGED}"


class ModerationBlocked(GenerationFailure):
    """The provider's safety filter refused the images or the text."""

    reason = "moderation_blocked"
    message = (
        "Your image was flagged by the safety filter. "
        "Please use different images that comply with content guidelines."
    )


class ProviderRejected(GenerationFailure):
    """The provider finds the request wrong."""

    reason = "provider_rejected"


class ProviderQuotaExhausted(GenerationFailure):
    """The account behind the key has no money or limit left."""

    reason = "provider_quota_exhausted"
    message = f"Image generation is unavailable at the moment. {_NOT_CHARGED} Please try again later."
    needs_a_person = True


class ProviderMisconfigured(GenerationFailure):
    """The key, the model or the address is wrong."""

    reason = "provider_misconfigured"
    message = ProviderQuotaExhausted.message
    needs_a_person = True


class ProviderRefusesUs(ProviderMisconfigured):
    """The key, or who and where we are."""


class ProviderModelGone(ProviderMisconfigured):
    """There is nothing at that address, or no such model: perhaps it was shut down."""


class ProviderOutcomeUnknown(GenerationFailure):
    """The call may have been worked on and billed: it is repeated once at most."""

    reason = "provider_outcome_unknown"


class ProviderAnswerUseless(ProviderOutcomeUnknown):
    """An answer came, and it holds no image."""


class ProviderUnavailable(GenerationFailure):
    """The provider could not serve the call: it may be repeated, after `wait` if given."""

    reason = "provider_unavailable"
    message = f"Image generation is very busy right now. {_NOT_CHARGED} Please try again in a few minutes."

    def __init__(self, detail: str, wait: timedelta | None = None) -> None:
        super().__init__(detail)
        self.wait = wait


class ProviderUnreachable(ProviderUnavailable):
    """The call never reached the provider."""


class ProviderThrottled(ProviderUnavailable):
    """All replicas together are too fast: the session goes back to the queue once."""

    reason = "provider_throttled"


class ResultNotStored(GenerationFailure):
    """The finished image could not be stored or shown."""

    reason = "result_not_stored"


FAILURES = (
    GenerationFailure,
    DeadlineExceeded,
    TooManyAttempts,
    ImageUnusable,
    ImageUnreachable,
    RequestTooLarge,
    ModerationBlocked,
    ProviderRejected,
    ProviderQuotaExhausted,
    ProviderMisconfigured,
    ProviderOutcomeUnknown,
    ProviderUnavailable,
    ProviderThrottled,
    ResultNotStored,
)
"""One for each reason that a session can fail for."""
