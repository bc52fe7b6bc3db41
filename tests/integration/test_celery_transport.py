"""What a message that was taken from Redis may still do when Redis is gone."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from kombu import Connection, Message, Queue
from own_valkey import OwnValkey, own_valkey

from wearon_generator.celery_transport import SurvivingTransport

QUEUE = "celery"
SETTLED = pytest.mark.parametrize("settle", [Message.ack, Message.reject], ids=["acknowledged", "rejected"])
Settle = Callable[[Message], None]


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


@SETTLED
def test_a_message_that_redis_does_not_hear_about_makes_room_for_the_next(
    valkey: OwnValkey, settle: Settle
) -> None:
    with one_message(valkey) as message:
        assert not message.channel.qos.can_consume()
        with valkey.frozen():
            settle(message)
        assert message.channel.qos.can_consume()


@SETTLED
def test_a_message_whose_connection_was_lost_harms_nobody(valkey: OwnValkey, settle: Settle) -> None:
    with one_message(valkey) as message:
        valkey.kill()
        message.channel.connection.client.collect()
        settle(message)
