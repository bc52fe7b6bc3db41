"""The plain way from the app's list to Celery: a blocking pop, then `.delay()`, one task at a time.

It is lean in its favour: no check of the task, no log line for each, no health, no fair order. It loses the
task in hand when it dies, and fills Celery's queue without bound.
"""

import json
from typing import Any

from redis import Redis

from wearon_common import keys
from wearon_common.celery_app import GENERATE, make_celery
from wearon_common.channel import Channel
from wearon_common.settings import BrokerSettings, load_settings


def main() -> None:
    """Move tasks until killed."""
    settings = load_settings(BrokerSettings)
    app = make_celery(settings)

    @app.task(name=GENERATE, shared=False)  # type: ignore[untyped-decorator] # Celery's
    def generate(task: dict[str, Any]) -> None:
        """Name what the workers are to do."""

    redis = Redis.from_url(settings.redis_url.get_secret_value(), socket_timeout=None)
    while True:
        _, entry = redis.brpop([keys.TASKS])  # type: ignore[misc] # waits for ever: never None
        task = json.loads(entry)
        # `.delay(task)`, which cannot name a queue.
        generate.apply_async([task], queue=Channel(task["channel"]).traits.queue)


if __name__ == "__main__":
    main()
