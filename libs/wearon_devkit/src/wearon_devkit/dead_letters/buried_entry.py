import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Self

from wearon_devkit.dead_letters.letter import Letter

NUMBER_LENGTH = 10


@dataclass(frozen=True)
class BuriedEntry:
    """An entry of the queue and every letter that was written about it, newest first; there is at least one.

    The same entry may be buried several times: it was pushed twice, or requeued and found dead again.
    """

    letters: tuple[Letter, ...]

    @classmethod
    def gather(cls, letters: Iterable[Letter]) -> list[Self]:
        """Put the letters about the same entry together, in the order of each one's first letter."""
        about: dict[bytes, list[Letter]] = {}
        for letter in letters:
            about.setdefault(_identity(letter), []).append(letter)
        return [cls(tuple(group)) for group in about.values()]

    @cached_property
    def number(self) -> str:
        """Names the entry: the beginning of the SHA-1 of its bytes. The same whenever it is buried again."""
        return hashlib.sha1(_identity(self.newest), usedforsecurity=False).hexdigest()[:NUMBER_LENGTH]

    @property
    def newest(self) -> Letter:
        """The letter that tells why it was buried the last time."""
        return self.letters[0]

    @property
    def count(self) -> int:
        """How many times it was buried."""
        return len(self.letters)

    @property
    def buried_at(self) -> datetime | None:
        """When it was buried the last time."""
        return self.newest.buried_at

    def named(self, field: str) -> str:
        """Give what the entry says in `field`, empty when it does not or is no JSON object."""
        try:
            fields = json.loads(self.newest.entry or "")
        except (ValueError, RecursionError):
            return ""
        value = fields.get(field) if isinstance(fields, dict) else None
        return value if isinstance(value, str) else ""


def _identity(letter: Letter) -> bytes:
    return letter.stored if letter.entry is None else letter.entry.encode()
