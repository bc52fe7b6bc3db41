"""What the consumer can be told."""

from datetime import timedelta

from pydantic import Field

from wearon_common.settings import BrokerSettings, Port, Seconds, SupabaseSettings


class ConsumerSettings(BrokerSettings, SupabaseSettings):
    """Settings of `wearon-consumer`."""

    port: Port = Field(9100, description="HTTP port of /health and /metrics")
    celery_queue_limit: int = Field(
        30, gt=0, description="Tasks in each of Celery's queues: what a new owner has to wait for"
    )
    most_waiting: int = Field(
        10_000,
        gt=0,
        validation_alias="MOST_WAITING_TASKS",
        description="Tasks in fair order before Celery's queues; more stay in the app's list",
    )
    error_backoff: Seconds = Field(
        timedelta(seconds=5),
        validation_alias="CONSUMER_ERROR_BACKOFF_SECONDS",
        description="Pause after an error before the next try",
    )
    heartbeat_lifetime: Seconds = Field(
        timedelta(seconds=15),
        ge=timedelta(seconds=1),  # Redis lets the key live for whole seconds
        validation_alias="CONSUMER_HEARTBEAT_SECONDS",
        description="A consumer that is silent for this long is dead; others take over its entries",
    )
    dead_letters_kept: int = Field(
        10_000, gt=0, description="The oldest dead letters beyond this are dropped"
    )
    sweep_interval: Seconds = Field(
        timedelta(seconds=30),
        validation_alias="SWEEP_INTERVAL_SECONDS",
        description="How often the sweeper looks for lost sessions",
    )
    sweep_grace: Seconds = Field(
        timedelta(seconds=300),
        validation_alias="SWEEP_GRACE_SECONDS",
        description="A live session younger than this is never swept",
    )
    books_interval: Seconds = Field(
        timedelta(seconds=60),
        validation_alias="BOOKS_INTERVAL_SECONDS",
        description="How often one consumer checks the money of recent sessions, for /metrics",
    )
