"""Whether the worker still works."""

import time
from datetime import timedelta

from celery.signals import heartbeat_sent

_SILENT_AFTER = timedelta(seconds=30)


class Pulse:
    """Beats with Celery's own heartbeat, which its main loop sends every two seconds while it reaches Redis.

    Make it before the worker: Celery asks once whether anybody listens.
    """

    def __init__(self, silent_after: timedelta = _SILENT_AFTER) -> None:
        self._silent_after_s = silent_after.total_seconds()
        self._last_beat_s: float | None = None
        heartbeat_sent.connect(self._beat)

    async def health(self) -> dict[str, object]:
        """Tell GET /health whether the worker takes tasks."""
        if self._last_beat_s is None:
            return {"status": "starting"}
        silence_s = time.monotonic() - self._last_beat_s
        return {
            "status": "ok" if silence_s < self._silent_after_s else "degraded",
            "seconds_since_last_heartbeat": round(silence_s, 1),
        }

    def _beat(self, **_signal: object) -> None:
        self._last_beat_s = time.monotonic()
