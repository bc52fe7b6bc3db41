"""The dead letters: entries that could not become generations, looked at and dealt with by a person."""

from wearon_devkit.dead_letters.box import DeadLetterBox
from wearon_devkit.dead_letters.buried_entry import BuriedEntry
from wearon_devkit.dead_letters.letter import Letter

__all__ = ["BuriedEntry", "DeadLetterBox", "Letter"]
