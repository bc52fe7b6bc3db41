"""Celery's own loop, with fewer messages about what it does."""

from celery.worker.consumer import Consumer

_FLUSH_AFTER_S = 1.0


class SparingConsumer(Consumer):  # type: ignore[misc] # Celery is not typed
    """Sends the task events of a second in one message; who counts them sees no difference."""

    _flush_is_planned = False

    def on_send_event_buffered(self) -> None:
        """Plan to send what has been buffered; called by any thread."""
        if self.hub:
            self.hub.call_soon(self._plan_flush)

    def shutdown(self) -> None:
        """Send the last ones."""
        self._flush_events()
        super().shutdown()

    def _plan_flush(self) -> None:
        if not self._flush_is_planned:
            self._flush_is_planned = True
            self.hub.call_later(_FLUSH_AFTER_S, self._flush)

    def _flush(self) -> None:
        self._flush_is_planned = False
        self._flush_events()
