from typing import cast

from starlette.types import ASGIApp, Receive, Scope, Send

from wearon_sizing.http.errors import overloaded_answer
from wearon_sizing.http.metrics import SizingMetrics
from wearon_sizing.http.paths import ESTIMATE_PATH
from wearon_sizing.http.resources import Resources


class Admission:
    """Turns estimates away at the door, before their body is read, when there is too much to do already.

    At most `most_requests` are under way, downloads included; and none is let in while as many pictures are
    in hand as may.
    """

    def __init__(self, app: ASGIApp, most_requests: int, metrics: SizingMetrics) -> None:
        self._app = app
        self._most_requests = most_requests
        self._metrics = metrics
        self._under_way = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: D102 - ASGI
        if scope["type"] != "http" or not scope["path"].startswith(ESTIMATE_PATH):
            await self._app(scope, receive, send)
            return
        if self._under_way >= self._most_requests:
            await self._turn_away("requests", scope, receive, send)
            return
        if _is_overloaded(scope):
            await self._turn_away("pictures", scope, receive, send)
            return
        self._under_way += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._under_way -= 1

    async def _turn_away(self, where: str, scope: Scope, receive: Receive, send: Send) -> None:
        self._metrics.shed(where)
        await overloaded_answer()(scope, receive, send)


def _is_overloaded(scope: Scope) -> bool:
    loaded = cast("Resources", scope["state"]["resources"]).loaded
    return loaded is not None and loaded.estimator.is_overloaded
