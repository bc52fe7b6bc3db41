"""Waits that cost one timer and end early when the caller has gone."""

import asyncio

from starlette.requests import Request
from starlette.types import Receive


class CallerGoneError(Exception):
    """The connection ended before an answer was sent: there is nobody to answer."""


async def wait(request: Request, duration_s: float) -> None:
    """Sleep for `duration_s` seconds.

    The request's body must have been read before.

    Raises CallerGoneError: the caller closed the connection meanwhile.
    """
    gone = asyncio.ensure_future(wait_until_gone(request.receive))
    done, _ = await asyncio.wait({gone}, timeout=max(0.0, duration_s))
    gone.cancel()
    if done:
        raise CallerGoneError


async def wait_until_gone(receive: Receive) -> None:
    """Return once the connection has ended, from either side."""
    while (await receive())["type"] != "http.disconnect":
        pass
