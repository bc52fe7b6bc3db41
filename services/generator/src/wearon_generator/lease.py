"""Keeps a session ours while we work on it, and stops the work when it no longer is."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from datetime import timedelta
from typing import TypeVar

import structlog

from wearon_common.sessions import Attempt, Sessions
from wearon_common.supabase_errors import SupabaseError

T = TypeVar("T")

log = structlog.get_logger()


class LeaseLost(Exception):  # noqa: N818 - a fact, not a fault
    """Somebody else may have the session by now: touch nothing more."""


class LeaseKeeper:
    """Renews at half time. A lease that was not renewed before it ran out, for whatever reason, is lost."""

    def __init__(self, sessions: Sessions, lease: timedelta) -> None:
        self._sessions = sessions
        self._lease = lease

    async def run_while_held(self, attempt: Attempt, work: Coroutine[None, None, T]) -> T:
        """Do `work` while the lease holds; cancel it and raise `LeaseLost` when it does not."""
        working = asyncio.create_task(work)
        renewing = asyncio.create_task(self._keep(attempt))
        try:
            await asyncio.wait({working, renewing}, return_when=asyncio.FIRST_COMPLETED)
            if working.done():
                return working.result()
            raise LeaseLost
        finally:
            working.cancel()
            renewing.cancel()
            await asyncio.gather(working, renewing, return_exceptions=True)

    async def _keep(self, attempt: Attempt) -> None:
        try:
            await self._renew_until_lost(attempt)
        except Exception as error:  # outermost here: nobody else would ever see what ended the keeper
            log.exception("lease_keeper_failed", error=type(error).__name__)

    async def _renew_until_lost(self, attempt: Attempt) -> None:
        clock = asyncio.get_running_loop().time
        lease_s = self._lease.total_seconds()
        pause_s = lease_s / 2
        with suppress(TimeoutError):
            async with asyncio.timeout(lease_s) as held:
                while True:
                    await asyncio.sleep(pause_s)
                    asked_at = clock()
                    try:
                        if not await self._sessions.renew(attempt, self._lease):
                            return
                    except SupabaseError as error:
                        log.warning("lease_not_renewed", detail=str(error))
                        pause_s = lease_s / 10
                    else:
                        held.reschedule(asked_at + lease_s)
                        pause_s = lease_s / 2
