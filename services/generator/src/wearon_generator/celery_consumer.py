"""Celery's own loop, with fewer messages about what it does, none of which it waits for."""

import time
from typing import ClassVar

from celery.worker.consumer import Consumer
from celery.worker.consumer.heart import Heart
from celery.worker.heartbeat import Heart as Heartbeat

from wearon_generator.celery_connection import RedisRefusesError

_FLUSH_AFTER_S = 1.0
_REFUSED_AGAIN_AFTER_S = 1.0


class _Heartbeat(Heartbeat):  # type: ignore[misc] # Celery is not typed
    """Celery 5.7 repeats a heartbeat until Redis is back, on the thread that is to notice a stop."""

    def _send(self, event: str, retry: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 - Celery's
        super()._send(event, retry=False)


class _Heart(Heart):  # type: ignore[misc] # Celery is not typed
    def start(self, c: Consumer) -> None:
        """Beat until Celery stops this step."""
        c.heart = _Heartbeat(c.timer, c.event_dispatcher, self.heartbeat_interval)
        c.heart.start()


class SparingConsumer(Consumer):  # type: ignore[misc] # Celery is not typed
    """Sends the task events of a second in one message; who counts them sees no difference."""

    class Blueprint(Consumer.Blueprint):  # type: ignore[misc] # Celery is not typed
        """Celery's steps, but for the heart."""

        default_steps: ClassVar = [
            _Heart if step == "celery.worker.consumer.heart:Heart" else step
            for step in Consumer.Blueprint.default_steps
        ]

    _flush_is_planned = False

    def on_send_event_buffered(self) -> None:
        """Plan to send what has been buffered; called by any thread."""
        if self.hub:
            self.hub.call_soon(self._plan_flush)

    def on_connection_error_after_connected(self, exc: Exception) -> None:
        """Let Celery connect anew; to a Redis that refuses it would, without a pause, again and again."""
        super().on_connection_error_after_connected(exc)
        if isinstance(exc, RedisRefusesError):
            time.sleep(_REFUSED_AGAIN_AFTER_S)

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
