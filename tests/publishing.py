"""Tasks put straight into Celery's queues, as the consumer does."""

from shop import Shop

from wearon_common.celery_app import make_celery
from wearon_common.settings import BrokerSettings
from wearon_common.task import GenerationTask
from wearon_consumer.celery_messages import CeleryMessages
from wearon_devkit.producer import TryOn, task_of


def publish(shop: Shop, try_on: TryOn) -> TryOn:
    """Publish the task of a session."""
    settings = BrokerSettings.model_validate({"redis_url": shop.environment.redis_url})
    message = CeleryMessages(make_celery(settings)).make(GenerationTask.read(task_of(try_on)))
    shop.redis.lpush(try_on.channel.traits.queue, message)
    return try_on
