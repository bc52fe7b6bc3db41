"""What the demo asks for, and what must come of it."""

from collections import Counter
from dataclasses import dataclass

from wearon_common.channel import Channel
from wearon_devkit.pictures import GARMENTS, PERSONS, Garment, Person

BLOCKED_PROMPT = "A try-on that the safety filter does not like"
MALFORMED_ENTRY = '{"channel": "b2c", "prompt": "half a task"'


@dataclass(frozen=True)
class Wish:
    """One try-on of the demo."""

    channel: Channel
    person: Person
    garment: Garment
    prompt: str
    outcome: str = "completed"

    @property
    def title(self) -> str:
        """Who tries on what."""
        return f"{self.person.name} in {self.garment.name}"


@dataclass(frozen=True)
class Scenario:
    """All of the demo: try-ons, one malformed entry, and one person to be measured."""

    wishes: tuple[Wish, ...]
    measured: Person = PERSONS[0]
    dead_letters: int = 1

    def expected(self) -> Counter[str]:
        """Count the outcomes that must come."""
        return Counter(wish.outcome for wish in self.wishes)


def scenario(*, moderation: bool) -> Scenario:
    """Give the demo's try-ons; `moderation` includes one that the local OpenAI stub will block."""
    wishes = [
        Wish(channel, person, garment, f"Dress {person.name} in the {garment.name}.")
        for channel, person, garment in zip(
            [Channel.B2C, Channel.B2B, Channel.B2C, Channel.B2B], PERSONS, GARMENTS, strict=True
        )
    ]
    if moderation:
        wishes.append(Wish(Channel.B2C, PERSONS[2], GARMENTS[1], BLOCKED_PROMPT, outcome="failed"))
    return Scenario(tuple(wishes))
