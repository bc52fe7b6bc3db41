import asyncio

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = structlog.get_logger()


class StopWhenAbandoned:
    """Cancels the work on a request whose client has hung up: nobody would read the answer.

    Expects the whole body to be there already (see `BodyLimit`): what comes after it is the end of the
    connection.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: D102 - ASGI
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        pending = [await receive()]
        gone = asyncio.create_task(_until_gone(receive))
        work = asyncio.ensure_future(self._app(scope, _replay(pending, gone), send))
        try:
            await asyncio.wait((work, gone), return_when=asyncio.FIRST_COMPLETED)
            if not work.done():
                log.info("request_abandoned")
                work.cancel()
            await asyncio.gather(work, return_exceptions=not work.done())
        finally:
            gone.cancel()
            work.cancel()


async def _until_gone(receive: Receive) -> Message:
    while (message := await receive())["type"] != "http.disconnect":
        pass
    return message


def _replay(pending: list[Message], gone: "asyncio.Task[Message]") -> Receive:
    async def replay() -> Message:
        return pending.pop() if pending else await asyncio.shield(gone)

    return replay
