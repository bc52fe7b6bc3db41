from enum import StrEnum


class Refusal(StrEnum):
    """Why a picture cannot be measured; the value is what a client reads as `reason`."""

    NO_PERSON = "no_person"
    SEVERAL_PEOPLE = "several_people"
    UPSIDE_DOWN = "upside_down"
    LYING = "lying"
    SEATED = "seated"
    CROUCHING = "crouching"
    TURNED = "turned"
    FROM_BEHIND = "from_behind"
    HEAD_OUTSIDE = "head_outside"
    FEET_OUTSIDE = "feet_outside"
    BODY_CUT_OFF = "body_cut_off"
    BODY_HIDDEN = "body_hidden"
    TOO_SMALL = "too_small"
    TOO_DARK = "too_dark"
    BLURRED = "blurred"
    OUTLINE_UNCLEAR = "outline_unclear"

    @property
    def advice(self) -> str:
        """Say what the person in front of the camera can do about it."""
        return _ADVICE[self]


_ADVICE = {
    Refusal.NO_PERSON: "We could not find a person. Use a photo of yourself, standing, from head to feet.",
    Refusal.SEVERAL_PEOPLE: "There is more than one person in the photo. Use one that shows only you.",
    Refusal.UPSIDE_DOWN: "The photo is upside down. Turn it round and try again.",
    Refusal.LYING: "The photo is on its side, or you are lying down. Stand up and hold the camera straight.",
    Refusal.SEATED: "You seem to be sitting. Stand up straight with your legs stretched.",
    Refusal.CROUCHING: "Your knees are bent. Stand up straight with your legs stretched.",
    Refusal.TURNED: "You are turned to the side. Face the camera with both shoulders.",
    Refusal.FROM_BEHIND: "The photo shows you from behind. Turn round and face the camera.",
    Refusal.HEAD_OUTSIDE: "Your head is cut off. Step back so that all of your head is in the picture.",
    Refusal.FEET_OUTSIDE: "Step back so that your feet are in the picture.",
    Refusal.BODY_CUT_OFF: "Part of your body is outside the picture. Step back, or stand in the middle.",
    Refusal.BODY_HIDDEN: "Part of your body is hidden. Stand where nothing is in front of you.",
    Refusal.TOO_SMALL: "You are too small in the photo. Come closer, or use a sharper picture.",
    Refusal.TOO_DARK: "The photo is too dark. Turn on a light or stand where it is brighter.",
    Refusal.BLURRED: "The photo is blurred. Hold the camera still and clean its lens.",
    Refusal.OUTLINE_UNCLEAR: "We cannot tell you from the background. Stand in front of a plain wall.",
}


class NoFullBody(Exception):  # noqa: N818 - a finding about the picture
    """The picture does not show one standing body from head to feet that can be measured."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason.value)
        self.reason = reason
