"""kombu's Redis transport, made to survive that Redis goes away, or is there and refuses."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from kombu.transport import redis
from redis.exceptions import ConnectionError as RedisConnectionError

from wearon_generator.celery_connection import OutageConnection, OutageSSLConnection, RedisRefusesError

log = structlog.get_logger()


class _QoS(redis.QoS):
    """Works around kombu 5.7: a message whose end Redis is not told keeps another from being taken.

    Redis delivers it once more, after the visibility timeout.
    """

    def ack(self, delivery_tag: str) -> None:
        with self._heard_or_not(delivery_tag):
            super().ack(delivery_tag)  # type: ignore[no-untyped-call] # kombu is not typed

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:  # noqa: FBT001, FBT002 - kombu's
        with self._heard_or_not(delivery_tag):
            super().reject(delivery_tag, requeue=requeue)  # type: ignore[no-untyped-call] # as above

    @contextmanager
    def _heard_or_not(self, delivery_tag: str) -> Iterator[None]:
        try:
            yield
        except self.channel.connection_errors as error:
            log.warning("message_end_not_heard", error=type(error).__name__)
            self._quick_ack(delivery_tag)


class _Channel(redis.Channel):
    """Works around kombu 5.7: a channel that outlives its connection raises AttributeError.

    Celery survives errors of the connection; an AttributeError ends the worker and what it works on.
    """

    QoS = _QoS
    connection_class = OutageConnection
    connection_class_ssl = OutageSSLConnection

    def _connparams(self, asynchronous: bool = False) -> dict[str, Any]:  # noqa: FBT001, FBT002 - kombu's
        if self.connection is None or self.connection.client is None:
            raise RedisConnectionError("The connection of this channel is closed.")
        parameters: dict[str, Any] = super()._connparams(asynchronous)  # type: ignore[no-untyped-call] # as above
        return parameters


class SurvivingTransport(redis.Transport):
    """For Celery's `broker_transport`."""

    Channel = _Channel
    connection_errors = (*redis.Transport.connection_errors, RedisRefusesError)
