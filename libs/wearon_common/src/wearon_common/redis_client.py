"""One way to reach Redis: timeouts on purpose, certificates checked."""

from datetime import timedelta

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

CONNECT_TIMEOUT = timedelta(seconds=5)
ANSWER_TIMEOUT = timedelta(seconds=10)  # longer than any blocking command of ours


def connect_redis(url: str) -> Redis:
    """Make a client of `redis://` or `rediss://`; nothing is sent yet.

    TLS checks the certificate and the host name (redis-py's default, held by a test). A command that fails
    is not sent again behind the caller's back: each caller decides whether that is safe.
    """
    return Redis.from_url(
        url,
        socket_connect_timeout=CONNECT_TIMEOUT.total_seconds(),
        socket_timeout=ANSWER_TIMEOUT.total_seconds(),
        socket_keepalive=True,
        health_check_interval=30,
        retry=Retry(NoBackoff(), 0),
    )
