"""What the consumer pushes is what Celery itself would push."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from shop import Shop

from wearon_common.celery_app import GENERATE, make_celery
from wearon_common.channel import Channel
from wearon_common.settings import BrokerSettings
from wearon_common.task import GenerationTask
from wearon_consumer.celery_messages import CeleryMessages, task_headers
from wearon_devkit.environment import Environment
from wearon_devkit.producer import task_of

_DIFFERS_EACH_TIME = {"delivery_tag"}
_READ_BY_NOBODY = {"reply_to", "argsrepr", "kwargsrepr", "ignore_result"}  # of the properties: no result


@pytest.fixture
def shop(platform: Environment) -> Iterator[Shop]:
    with Shop.opened(platform) as shop:
        yield shop


@pytest.mark.parametrize("channel", Channel)
def test_a_message_is_what_celery_itself_would_push(shop: Shop, channel: Channel) -> None:
    app = make_celery(BrokerSettings.model_validate({"redis_url": shop.environment.redis_url}))
    task = GenerationTask.read(task_of(shop.try_on(channel)))
    app.send_task(
        GENERATE,
        args=[task.model_dump(mode="json", exclude_none=True)],
        queue=channel.traits.queue,
        task_id=task.task_id,
        headers=task_headers(task),
        argsrepr="(task,)",
        kwargsrepr="{}",
        ignore_result=True,
    )
    [celerys] = shop.queued(channel)
    ours = json.loads(CeleryMessages(app).make(task))
    assert _comparable(ours) == _comparable(celerys)


def test_no_two_messages_are_one_to_kombu(shop: Shop) -> None:
    app = make_celery(BrokerSettings.model_validate({"redis_url": shop.environment.redis_url}))
    messages = CeleryMessages(app)
    task = GenerationTask.read(task_of(shop.try_on(Channel.B2C)))
    tags = {json.loads(messages.make(task))["properties"]["delivery_tag"] for _ in range(3)}
    assert len(tags) == 3


def _comparable(message: dict[str, Any]) -> dict[str, Any]:
    for name in _DIFFERS_EACH_TIME | _READ_BY_NOBODY:
        message["properties"].pop(name, None)
    return message
