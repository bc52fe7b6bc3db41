"""What a plant has put into the books."""

from dataclasses import dataclass

from session_functions import SessionFunctions


@dataclass(frozen=True)
class Planted:
    """Which sessions the finding may name, and how many credits."""

    sessions: tuple[SessionFunctions, ...] = ()
    amount: int = 1
