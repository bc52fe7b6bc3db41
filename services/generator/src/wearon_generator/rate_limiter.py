"""Permits to call the provider, given out in fair order."""

import asyncio
from datetime import timedelta

from wearon_generator.failures import ProviderUnavailable
from wearon_generator.slots import Slots
from wearon_generator.turns import Flow, Turns


class RateLimiter:
    """Gives one permit for each slot, to whose turn it is when the slot comes.

    So a generator holds one slot at a time, however many wait in it: nobody's batch reserves the next minute.
    """

    def __init__(self, slots: Slots) -> None:
        self._slots = slots
        self._waiting: Turns[asyncio.Future[None]] = Turns()
        self._serving: asyncio.Task[None] | None = None

    async def acquire(self, flow: Flow) -> None:
        """Wait until one call may be made for `flow`.

        Raises `ProviderUnavailable` when slots cannot be had.
        """
        permit = asyncio.get_running_loop().create_future()
        self._waiting.join(flow, permit)
        if self._serving is None or self._serving.done():
            self._serving = asyncio.create_task(self._serve())
        await permit

    async def pause(self, length: timedelta) -> None:
        """Let nobody on any replica start a call for `length`.

        Raises `ProviderUnavailable` when Redis cannot be told.
        """
        await self._slots.pause(length)

    async def _serve(self) -> None:
        while self._waiting:
            try:
                await self._slots.wait_for_next()
            except ProviderUnavailable as error:
                self._turn_away(error)
            else:
                self._give_permit()

    def _give_permit(self) -> None:
        while self._waiting:
            permit = self._waiting.next()
            if not permit.done():  # it is done when who waited has given up
                permit.set_result(None)
                return

    def _turn_away(self, error: ProviderUnavailable) -> None:
        while self._waiting:
            permit = self._waiting.next()
            if not permit.done():
                permit.set_exception(ProviderUnavailable(str(error)))
