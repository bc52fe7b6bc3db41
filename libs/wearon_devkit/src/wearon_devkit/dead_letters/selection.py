from collections.abc import Iterable, Sequence

from wearon_devkit.dead_letters.buried_entry import BuriedEntry


class UnknownNumberError(Exception):
    """A number that names no entry, or more than one; the message says which."""


def select(entries: Sequence[BuriedEntry], numbers: Iterable[str]) -> list[BuriedEntry]:
    """Find the entries that the numbers, or their beginnings, name; each once.

    Raises `UnknownNumberError`.
    """
    found = {buried.number: buried for buried in (_find(entries, number) for number in numbers)}
    return list(found.values())


def _find(entries: Sequence[BuriedEntry], number: str) -> BuriedEntry:
    matches = [buried for buried in entries if number and buried.number.startswith(number.lower())]
    match matches:
        case [buried]:
            return buried
        case []:
            raise UnknownNumberError(f"no dead letter has the number {number!r}")
        case _:
            raise UnknownNumberError(f"{number!r} begins the numbers of {len(matches)} dead letters")
