import asyncio
from collections import deque
from typing import Generic, TypeVar

Thing = TypeVar("Thing")


class Turns(Generic[Thing]):
    """Lends things to callers, one each, first come first served; what was idle longest goes out first."""

    def __init__(self, things: list[Thing]) -> None:
        self._idle = things
        self._waiting: deque[asyncio.Future[Thing]] = deque()

    @property
    def idle(self) -> int:
        """How many things nobody has."""
        return len(self._idle)

    @property
    def waiting(self) -> int:
        """How many callers wait."""
        return len(self._waiting)

    async def borrow(self) -> Thing:
        """Take an idle thing, or wait for one."""
        if self._idle:
            return self._idle.pop(0)
        turn: asyncio.Future[Thing] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            return await turn
        except asyncio.CancelledError:
            self._leave(turn)
            raise

    def give_back(self, thing: Thing) -> None:
        """Hand a thing to the first who still waits, or keep it."""
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():  # a caller that was cancelled a moment ago has not left yet
                turn.set_result(thing)
                return
        self._idle.append(thing)

    def take_idle(self) -> list[Thing]:
        """Return all that nobody has borrowed, and lend them no more."""
        idle, self._idle = self._idle, []
        return idle

    def _leave(self, turn: "asyncio.Future[Thing]") -> None:
        if turn.done() and not turn.cancelled():  # it was handed over just as the caller gave up
            self.give_back(turn.result())
        elif turn in self._waiting:
            self._waiting.remove(turn)
