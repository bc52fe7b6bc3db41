"""The Celery app that the consumer publishes through and the generator works for."""

from celery import Celery
from kombu import Queue

from wearon_common.channel import Channel
from wearon_common.settings import BrokerSettings

GENERATE = "wearon.generate"  # the one task; its one argument is a GenerationTask as a JSON object


def make_celery(settings: BrokerSettings) -> Celery:
    """Make an app without a result backend, whose messages survive the worker that holds them."""
    app = Celery("wearon", set_as_current=False)
    app.conf.update(
        broker_url=settings.redis_url.get_secret_value(),
        broker_transport_options=_transport_options(settings),
        broker_use_ssl=_tls(settings),
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        task_queues=[Queue(channel.traits.queue) for channel in Channel],
        task_create_missing_queues=False,
        task_default_queue=Channel.B2C.traits.queue,
        task_ignore_result=True,
        task_acks_late=True,
        task_serializer="json",
        accept_content=["json"],
        worker_prefetch_multiplier=1,
        worker_hijack_root_logger=False,
        worker_cancel_long_running_tasks_on_connection_loss=False,
        worker_send_task_events=True,
    )
    return app


def _transport_options(settings: BrokerSettings) -> dict[str, object]:
    visibility_timeout_s = settings.broker_visibility_timeout.total_seconds()
    return {
        "visibility_timeout": visibility_timeout_s,
        # By default kombu looks for abandoned messages every 100 s, and a worker that dies while looking
        # keeps the others from looking for 300 s.
        "unacked_restore_interval": min(10.0, visibility_timeout_s / 3),
        "unacked_restore_throttle": 1,
        "unacked_mutex_expire": min(30.0, visibility_timeout_s),
        "socket_connect_timeout": 5,
        "socket_timeout": 30,  # longer than kombu's blocking pop
        "socket_keepalive": True,
        "health_check_interval": 25,
    }


def _tls(settings: BrokerSettings) -> dict[str, object] | None:
    if settings.redis_url.get_secret_value().startswith("rediss://"):
        return {"ssl_cert_reqs": "required", "ssl_check_hostname": True}
    return None
