"""Tasks put straight into Celery's queues, as the consumer does."""

import asyncio

from shop import Shop

from wearon_common.celery_app import make_celery
from wearon_common.settings import BrokerSettings
from wearon_common.task import GenerationTask
from wearon_consumer.publisher import Publisher
from wearon_devkit.producer import TryOn, task_of


def publish(shop: Shop, try_on: TryOn) -> TryOn:
    """Publish the task of a session."""
    settings = BrokerSettings.model_validate({"redis_url": shop.environment.redis_url})
    publisher = Publisher(make_celery(settings))
    asyncio.run(publisher.publish(GenerationTask.read(task_of(try_on))))
    return try_on
