"""What became of one delivery of a task."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from wearon_common.sessions import Refusal


@dataclass(frozen=True)
class TryAgain:
    """The task is to be delivered once more, after `delay`."""

    delay: timedelta
    throttled: bool


class Fate(StrEnum):
    """How a delivery ends."""

    COMPLETED = "completed"
    FAILED = "failed"
    SKIPPED = "skipped"  # there was nothing to do
    RETRIED = "retried"
    LEFT = "left"  # to whoever ends the session now


class LeftBecause(StrEnum):
    """Why a delivery ends and its session does not."""

    LEASE_LOST = "lease_lost"
    CAME_TOO_LATE = "came_too_late"  # the image is there, and the session had ended otherwise
    NOT_ENDED = "not_ended"  # the database did not take the failure
    GIVEN_UP = "given_up"  # it has come back too often
    NOT_UNDERSTOOD = "not_understood"  # the message holds no task


@dataclass(frozen=True)
class Outcome:
    """A fate and its reason; `again` is there when the task must come back."""

    fate: Fate
    reason: str
    again: TryAgain | None = None

    @classmethod
    def completed(cls) -> "Outcome":
        """Tell that the image is shown."""
        return cls(Fate.COMPLETED, "none")

    @classmethod
    def failed(cls, reason: str) -> "Outcome":
        """Tell that the session failed."""
        return cls(Fate.FAILED, reason)

    @classmethod
    def skipped(cls, refusal: Refusal) -> "Outcome":
        """Tell that there was nothing to do."""
        return cls(Fate.SKIPPED, refusal)

    @classmethod
    def retried(cls, reason: str, again: TryAgain) -> "Outcome":
        """Tell that the task must come back."""
        return cls(Fate.RETRIED, reason, again)

    @classmethod
    def left(cls, because: LeftBecause) -> "Outcome":
        """Tell that somebody else ends the session, or already has."""
        return cls(Fate.LEFT, because)
