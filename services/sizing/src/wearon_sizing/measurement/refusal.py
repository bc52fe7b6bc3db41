from enum import StrEnum


class Refusal(StrEnum):
    """Why a picture cannot be measured; the value is what a client reads as `reason`."""

    NO_PERSON = "no_person"
    UPSIDE_DOWN = "upside_down"
    LYING = "lying"
    HEAD_OUTSIDE = "head_outside"
    FEET_OUTSIDE = "feet_outside"
    BODY_HIDDEN = "body_hidden"
    TOO_SMALL = "too_small"
    OUTLINE_UNCLEAR = "outline_unclear"


class NoFullBody(Exception):  # noqa: N818 - a finding about the picture
    """The picture does not show one standing body from head to feet that can be measured."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason.value)
        self.reason = reason
