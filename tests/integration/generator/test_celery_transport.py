"""What becomes of messages when Redis does not hear or refuses what it is told about them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from kombu import Connection, Message, Queue
from own_valkey import OwnValkey, own_valkey
from redis import Redis
from redis.exceptions import ResponseError

from wearon_generator.celery_connection import RedisRefusesError
from wearon_generator.celery_transport import SurvivingTransport

QUEUE = "celery"


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[OwnValkey]:
    with own_valkey(tmp_path / "valkey") as valkey:
        yield valkey


@contextmanager
def one_message(valkey: OwnValkey) -> Iterator[Message]:
    """Take a message over a connection that may hold one at a time."""
    options = {"socket_timeout": 1}
    with Connection(valkey.url, transport=SurvivingTransport, transport_options=options) as connection:
        queue = Queue(QUEUE)(connection.default_channel)
        queue.declare()
        connection.default_channel.basic_qos(prefetch_count=1)
        connection.Producer().publish("a task", routing_key=QUEUE)
        message = queue.get()
        assert message is not None
        yield message


@pytest.mark.parametrize("settle", [Message.ack, Message.reject], ids=["acknowledged", "rejected"])
def test_a_message_that_redis_does_not_hear_about_makes_room_for_the_next(
    valkey: OwnValkey, settle: Callable[[Message], None]
) -> None:
    with one_message(valkey) as message:
        assert not message.channel.qos.can_consume()
        with valkey.frozen():
            settle(message)
        assert message.channel.qos.can_consume()


@pytest.mark.timeout(20)
def test_a_watched_transaction_that_redis_refuses_is_not_repeated_without_an_end(valkey: OwnValkey) -> None:
    with one_message(valkey) as message, Redis.from_url(valkey.url) as redis:
        redis.config_set("min-replicas-to-write", 1)
        try:
            with pytest.raises(RedisRefusesError):
                message.channel.qos.restore_by_tag(message.delivery_tag)
        finally:
            redis.config_set("min-replicas-to-write", 0)
        assert RedisRefusesError in message.channel.connection_errors


def test_a_command_that_is_wrong_does_not_count_as_an_outage(valkey: OwnValkey) -> None:
    with one_message(valkey) as message:
        message.channel.client.set("key", "value")
        with pytest.raises(ResponseError) as raised:
            message.channel.client.lpush("key", "a task")
    assert not isinstance(raised.value, RedisRefusesError)
